package dev.tidewheel.feature.expression;

import static dev.tidewheel.feature.expression.Operator.doubles;
import static dev.tidewheel.feature.expression.Operator.ok;
import static dev.tidewheel.feature.expression.Operator.word;
import static dev.tidewheel.feature.expression.Operator.words;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * The functions that Tidewheel adds to CEL. Transcendental ones come from {@link StrictMath}: the same bits on every
 * machine. To add one, add a line here; it is then declared to the checker, compiled, and listed by the documentation's
 * test.
 */
final class Functions {
    private static final CelType INT = SimpleType.INT;
    private static final CelType DOUBLE = SimpleType.DOUBLE;

    private Functions() {}

    /** One signature and what it does. */
    record Overload(String function, CelType result, List<CelType> parameters, Operator operator) {
        /** Its name to the checker, such as {@code max[int, int]}. */
        String id() {
            return function + parameters.stream().map(CelType::name).toList();
        }
    }

    static final List<Overload> OVERLOADS = overloads();

    private static List<Overload> overloads() {
        List<Overload> all = new ArrayList<>(List.of(
                new Overload("abs", INT, List.of(INT), word(Functions::abs)),
                ofDouble("abs", Math::abs),
                ofInts("min", Math::min),
                ofInts("max", Math::max),
                ofDoubles("min", Math::min),
                ofDoubles("max", Math::max),
                ofDouble("floor", Math::floor),
                ofDouble("ceil", Math::ceil),
                ofDouble("round", Math::rint),
                ofDouble("sqrt", Math::sqrt),
                ofDouble("exp", StrictMath::exp),
                ofDouble("log", StrictMath::log),
                ofDouble("log1p", StrictMath::log1p),
                ofDoubles("pow", StrictMath::pow),
                ofDouble("sin", StrictMath::sin),
                ofDouble("cos", StrictMath::cos)));
        for (ColumnType type : ColumnType.values()) {
            CelType nullable = CelTypes.of(type);
            all.add(new Overload(
                    "coalesce",
                    nullable,
                    List.of(nullable, nullable),
                    operands -> Logic.coalesce(operands.get(0), operands.get(1))));
        }
        return List.copyOf(all);
    }

    private static Overload ofDouble(String function, DoubleUnaryOperator operation) {
        return new Overload(function, DOUBLE, List.of(DOUBLE), doubles(operation));
    }

    private static Overload ofDoubles(String function, DoubleBinaryOperator operation) {
        return new Overload(function, DOUBLE, List.of(DOUBLE, DOUBLE), doubles(operation));
    }

    private static Overload ofInts(String function, LongBinaryOperator operation) {
        return new Overload(
                function,
                INT,
                List.of(INT, INT),
                words((x, y, out, slot) -> ok(out.setLong(slot, operation.applyAsLong(x, y)))));
    }

    private static Status abs(long x, Row out, int slot) {
        return x == Long.MIN_VALUE ? Status.OVERFLOW : ok(out.setLong(slot, Math.abs(x)));
    }

    static final Map<String, Operator> OPERATORS = operators();

    private static Map<String, Operator> operators() {
        Map<String, Operator> operators = new LinkedHashMap<>();
        OVERLOADS.forEach(overload -> operators.put(overload.id(), overload.operator()));
        return Map.copyOf(operators);
    }

    /** What the checker is told. */
    static List<CelFunctionDecl> declarations() {
        Map<String, List<CelOverloadDecl>> byFunction = new LinkedHashMap<>();
        for (Overload overload : OVERLOADS) {
            byFunction
                    .computeIfAbsent(overload.function(), name -> new ArrayList<>())
                    .add(CelOverloadDecl.newGlobalOverload(overload.id(), overload.result(), overload.parameters()));
        }
        return byFunction.entrySet().stream()
                .map(entry -> CelFunctionDecl.newFunctionDeclaration(entry.getKey(), entry.getValue()))
                .toList();
    }
}
