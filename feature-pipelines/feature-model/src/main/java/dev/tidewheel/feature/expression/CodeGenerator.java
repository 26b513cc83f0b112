package dev.tidewheel.feature.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.tidewheel.feature.expression.function.PureFunction;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Walks a checked tree and builds its code. One use per expression; not thread-safe. */
final class CodeGenerator {
    private static final Map<String, Operator> OPERATORS = new HashMap<>();

    static {
        List.of(
                        Arithmetic.OPERATORS,
                        Comparisons.OPERATORS,
                        Conversions.OPERATORS,
                        Times.OPERATORS,
                        Texts.OPERATORS,
                        Functions.OPERATORS)
                .forEach(OPERATORS::putAll);
    }

    private final CelAbstractSyntaxTree tree;
    private final RowSchema row;
    private final String text;
    private final Set<Integer> columns = new TreeSet<>();
    private final Set<String> functions = new TreeSet<>();

    CodeGenerator(CelAbstractSyntaxTree tree, RowSchema row, String text) {
        this.tree = tree;
        this.row = row;
        this.text = text;
    }

    Expression expression() {
        Code code = code(tree.getExpr());
        return new CompiledExpression(type(tree.getExpr()), List.copyOf(columns), List.copyOf(functions), code);
    }

    private Code code(CelExpr node) {
        return switch (node.getKind()) {
            case CONSTANT -> constant(node);
            case IDENT -> column(node);
            case CALL -> call(node);
            case LIST -> throw refused(node, "a list stands only behind 'in'; write x in [1, 2]");
            case MAP, STRUCT -> throw refused(node, "maps and messages are not supported; use columns");
            default -> throw refused(node, "this part of CEL is not supported; see docs/expressions.md");
        };
    }

    private Code constant(CelExpr node) {
        CelConstant constant = node.constant();
        return switch (constant.getKind()) {
            case NULL_VALUE -> (in, out, slot) -> Status.NULL;
            case BOOLEAN_VALUE -> word(constant.booleanValue() ? 1 : 0);
            case INT64_VALUE -> word(constant.int64Value());
            case DOUBLE_VALUE -> word(Double.doubleToRawLongBits(finite(node)));
            case STRING_VALUE -> {
                String value = constant.stringValue();
                yield (in, out, slot) -> Operator.ok(out.setString(slot, value));
            }
            case UINT64_VALUE -> throw refused(node, "unsigned integers are not supported; write the number without u");
            default -> throw refused(node, "bytes are not supported; write a string without b");
        };
    }

    private double finite(CelExpr node) {
        double value = node.constant().doubleValue();
        if (Double.isInfinite(value)) {
            throw refused(node, "the number does not fit a double; the largest is 1.7976931348623157e308");
        }
        return value;
    }

    private static Code word(long word) {
        return (in, out, slot) -> Operator.ok(out.setLong(slot, word));
    }

    private Code column(CelExpr node) {
        int from = row.slot(tree.getReferenceOrThrow(node.id()).name());
        if (from < 0) {
            throw refused(node, "'" + node.ident().name() + "' is a type, not a value; write a column");
        }
        columns.add(from);
        if (row.column(from).type().isText()) {
            return (in, out, slot) -> {
                String value = in.isNull(from) ? null : in.getString(from);
                return value == null ? Status.NULL : Operator.ok(out.setString(slot, value));
            };
        }
        return (in, out, slot) -> in.isNull(from) ? Status.NULL : Operator.ok(out.setLong(slot, in.getLong(from)));
    }

    private Code call(CelExpr node) {
        CelCall call = node.call();
        List<CelExpr> operands = operands(call);
        return switch (call.function()) {
            case "_&&_" -> Logic.and(code(operands.get(0)), code(operands.get(1)));
            case "_||_" -> Logic.or(code(operands.get(0)), code(operands.get(1)));
            case "!_" -> Logic.not(code(operands.get(0)));
            case "_?_:_" -> Logic.conditional(code(operands.get(0)), code(operands.get(1)), code(operands.get(2)));
            case "_==_" -> equality(operands);
            case "_!=_" -> Logic.not(equality(operands));
            case "@in" -> membership(node, operands);
            case "timestamp" -> timestamp(node, operands);
            default -> overload(node, operands);
        };
    }

    private static List<CelExpr> operands(CelCall call) {
        List<CelExpr> operands = new ArrayList<>();
        call.target().ifPresent(operands::add);
        operands.addAll(call.args());
        return operands;
    }

    private Code equality(List<CelExpr> operands) {
        CelExpr left = operands.get(0);
        CelExpr right = operands.get(1);
        if (isNull(left) || isNull(right)) {
            return Comparisons.isNull(code(isNull(left) ? right : left));
        }
        List<Code> codes = List.of(code(left), code(right));
        return Comparisons.equality(type(left)).over(codes);
    }

    private Code membership(CelExpr node, List<CelExpr> operands) {
        CelExpr list = operands.get(1);
        if (list.getKind() != CelExpr.ExprKind.Kind.LIST
                || !list.list().elements().stream().allMatch(this::isLiteral)) {
            throw refused(list, "behind 'in' stands a list of literals; write x in [1, 2] or combine == with ||");
        }
        ColumnType type = type(operands.get(0));
        for (CelExpr member : list.list().elements()) {
            if (type(member) != type) {
                throw refused(member, "all members of the list must have the type of what stands before 'in'");
            }
        }
        List<CelConstant> members =
                list.list().elements().stream().map(CelExpr::constant).toList();
        Operator operator = switch (type) {
            case INT64 ->
                Comparisons.inLongs(members.stream()
                        .mapToLong(CelConstant::int64Value)
                        .sorted()
                        .toArray());
            case FLOAT64 ->
                Comparisons.inDoubles(
                        members.stream().mapToDouble(CelConstant::doubleValue).toArray());
            case STRING, JSON -> {
                Set<String> strings = new HashSet<>();
                members.forEach(member -> strings.add(member.stringValue()));
                yield Comparisons.inStrings(Set.copyOf(strings));
            }
            case BOOL, TIMESTAMP -> throw refused(node, "'in' takes ints, doubles and strings; combine == with ||");
        };
        return operator.over(List.of(code(operands.get(0))));
    }

    private boolean isLiteral(CelExpr node) {
        return node.getKind() == CelExpr.ExprKind.Kind.CONSTANT && !isNull(node);
    }

    private static boolean isNull(CelExpr node) {
        return node.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && node.constant().getKind() == CelConstant.Kind.NULL_VALUE;
    }

    /** A literal instant is read once, here, so that a wrong one is an error of the definition and not of every row. */
    private Code timestamp(CelExpr node, List<CelExpr> operands) {
        CelExpr operand = operands.get(0);
        if (tree.getTypeOrThrow(operand.id()).kind() != CelKind.STRING) {
            return overload(node, operands);
        }
        if (!isLiteral(operand)) {
            throw refused(node, "timestamp() of a string takes a literal; declare the column as a timestamp instead");
        }
        try {
            return word(Instant.parse(operand.constant().stringValue()).toEpochMilli());
        } catch (DateTimeException | ArithmeticException wrong) {
            throw refused(operand, "not an instant; write it as '2001-02-01T08:00:00Z'");
        }
    }

    private Code overload(CelExpr node, List<CelExpr> operands) {
        String overload = tree.getReferenceOrThrow(node.id()).overloadIds().get(0);
        PureFunction registered = Registered.FUNCTIONS.get(overload);
        if (registered != null) {
            functions.add(registered.identity());
            return Registered.call(registered, operands.stream().map(this::code).toList());
        }
        Operator operator = OPERATORS.get(overload);
        if (operator == null) {
            throw refused(node, Unsupported.remedy(node.call().function(), overload));
        }
        return operator.over(operands.stream().map(this::code).toList());
    }

    private ColumnType type(CelExpr node) {
        CelType type = tree.getTypeOrThrow(node.id());
        return switch (type.kind()) {
            case INT -> ColumnType.INT64;
            case DOUBLE -> ColumnType.FLOAT64;
            case BOOL -> ColumnType.BOOL;
            case STRING -> ColumnType.STRING;
            case TIMESTAMP -> ColumnType.TIMESTAMP;
            case NULL_TYPE -> typeBesideNull(node);
            default -> throw refused(node, Unsupported.type(type));
        };
    }

    /** cel-java gives {@code c ? null : x} the type of its first branch. */
    private ColumnType typeBesideNull(CelExpr node) {
        if (node.getKind() == CelExpr.ExprKind.Kind.CALL
                && node.call().function().equals("_?_:_")) {
            return type(node.call().args().get(2));
        }
        throw refused(node, "null alone has no type; write what else the value can be");
    }

    private ExpressionException refused(CelExpr node, String message) {
        return new ExpressionException(message, Offsets.start(tree, node, text));
    }
}
