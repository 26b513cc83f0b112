package dev.tidewheel.feature.expression;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.tidewheel.feature.expression.function.PureFunction;
import dev.tidewheel.feature.expression.function.PureFunctions;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Registered functions as the checker and the code generator know them. */
final class Registered {
    /** By overload, which is the function's name. */
    static final Map<String, PureFunction> FUNCTIONS =
            PureFunctions.all().stream().collect(Collectors.toUnmodifiableMap(PureFunction::name, each -> each));

    private Registered() {}

    /** What the checker is told. */
    static List<CelFunctionDecl> declarations() {
        return declarations(FUNCTIONS.values());
    }

    private static List<CelFunctionDecl> declarations(Collection<PureFunction> functions) {
        List<CelFunctionDecl> declarations = new ArrayList<>();
        for (PureFunction function : functions) {
            List<CelType> parameters =
                    function.parameters().stream().map(Registered::type).toList();
            declarations.add(CelFunctionDecl.newFunctionDeclaration(
                    function.name(),
                    CelOverloadDecl.newGlobalOverload(function.name(), type(function.result()), parameters)));
        }
        return declarations;
    }

    private static CelType type(ColumnType type) {
        return switch (type) {
            case INT64 -> SimpleType.INT;
            case FLOAT64 -> SimpleType.DOUBLE;
            case BOOL -> SimpleType.BOOL;
            case STRING, JSON -> SimpleType.STRING;
            case TIMESTAMP -> SimpleType.TIMESTAMP;
        };
    }

    /** How it is written, such as {@code geo.distance(double, double, double, double)}. */
    static String signature(PureFunction function) {
        return function.name()
                + function.parameters().stream()
                        .map(parameter -> Symbols.type(type(parameter).name()))
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /** The code of a call. */
    static Code call(PureFunction function, List<Code> operands) {
        List<CompiledExpression> arguments = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            arguments.add(new CompiledExpression(function.parameters().get(i), List.of(), List.of(), operands.get(i)));
        }
        CompiledExpression[] each = arguments.toArray(CompiledExpression[]::new);
        return (in, out, slot) -> {
            Row values = new Row(each.length);
            Status status = evaluate(each, in, values);
            return status == Status.OK ? apply(function, values, out, slot) : status;
        };
    }

    private static Status evaluate(CompiledExpression[] arguments, Row in, Row values) {
        Status status = Status.OK;
        for (int i = 0; i < arguments.length; i++) {
            Status argument = arguments[i].evaluate(in, values, i);
            status = status == Status.OK ? argument : argument == Status.OK ? status : Code.failed(status, argument);
        }
        return status;
    }

    /** What a function throws is a property of the row, as a division by zero is. */
    private static Status apply(PureFunction function, Row arguments, Row out, int slot) {
        Row result = new Row(1);
        try {
            function.apply(arguments, result);
        } catch (RuntimeException failed) {
            return Status.ERROR;
        }
        if (result.isNull(0)) {
            return Status.NULL;
        }
        String text = result.getString(0);
        if (function.result() != ColumnType.STRING) {
            return Operator.ok(out.setLong(slot, result.getLong(0)));
        }
        return text == null ? Status.ERROR : Operator.ok(out.setString(slot, text));
    }
}
