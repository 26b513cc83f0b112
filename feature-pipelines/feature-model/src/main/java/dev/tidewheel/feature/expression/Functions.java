package dev.tidewheel.feature.expression;

import static dev.tidewheel.feature.expression.Operator.doubles;
import static dev.tidewheel.feature.expression.Operator.word;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.tidewheel.feature.view.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        /** Its name to the checker, such as {@code max(int,int)}. */
        String id() {
            return function + parameters.stream().map(CelType::name).toList();
        }
    }

    static final List<Overload> OVERLOADS = overloads();

    private static List<Overload> overloads() {
        List<Overload> all = new ArrayList<>(List.of(
                new Overload(
                        "abs",
                        INT,
                        List.of(INT),
                        word((x, out, slot) ->
                                x == Long.MIN_VALUE ? Status.OVERFLOW : Operator.ok(out.setLong(slot, Math.abs(x))))),
                new Overload("abs", DOUBLE, List.of(DOUBLE), doubles(Math::abs)),
                new Overload(
                        "min",
                        INT,
                        List.of(INT, INT),
                        Operator.words((x, y, out, slot) -> Operator.ok(out.setLong(slot, Math.min(x, y))))),
                new Overload(
                        "max",
                        INT,
                        List.of(INT, INT),
                        Operator.words((x, y, out, slot) -> Operator.ok(out.setLong(slot, Math.max(x, y))))),
                new Overload("min", DOUBLE, List.of(DOUBLE, DOUBLE), doubles(Math::min)),
                new Overload("max", DOUBLE, List.of(DOUBLE, DOUBLE), doubles(Math::max)),
                new Overload("floor", DOUBLE, List.of(DOUBLE), doubles(Math::floor)),
                new Overload("ceil", DOUBLE, List.of(DOUBLE), doubles(Math::ceil)),
                new Overload("round", DOUBLE, List.of(DOUBLE), doubles(Math::rint)),
                new Overload("sqrt", DOUBLE, List.of(DOUBLE), doubles(Math::sqrt)),
                new Overload("exp", DOUBLE, List.of(DOUBLE), doubles(StrictMath::exp)),
                new Overload("log", DOUBLE, List.of(DOUBLE), doubles(StrictMath::log)),
                new Overload("log1p", DOUBLE, List.of(DOUBLE), doubles(StrictMath::log1p)),
                new Overload("pow", DOUBLE, List.of(DOUBLE, DOUBLE), doubles(StrictMath::pow)),
                new Overload("sin", DOUBLE, List.of(DOUBLE), doubles(StrictMath::sin)),
                new Overload("cos", DOUBLE, List.of(DOUBLE), doubles(StrictMath::cos))));
        for (CelType type : List.of(INT, DOUBLE, SimpleType.BOOL, SimpleType.STRING, SimpleType.TIMESTAMP)) {
            CelType nullable = type == SimpleType.TIMESTAMP ? type : NullableType.create(type);
            all.add(new Overload(
                    "coalesce",
                    nullable,
                    List.of(nullable, nullable),
                    operands -> Logic.coalesce(operands.get(0), operands.get(1))));
        }
        return List.copyOf(all);
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
