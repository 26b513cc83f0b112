package dev.tidewheel.feature.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.List;
import java.util.Optional;

/** What to say when an operator or function does not take the types that it is given. */
final class MismatchMessages {
    private static final List<String> NUMBERS = List.of("int", "double");

    private MismatchMessages() {}

    static String explain(String function, List<String> types, List<CelExpr> operands) {
        String symbol = Symbols.of(function);
        if (types.contains("null") && !function.equals("_?_:_")) {
            return "null has no place in '" + symbol + "'; write x == null, x != null or coalesce(x, 0)";
        }
        return switch (function) {
            case "_&&_", "_||_", "!_" ->
                "'" + symbol + "' takes bools, not " + joined(types) + "; write comparisons, such as x != 0";
            case "_?_:_" -> conditional(types, operands);
            case "@in" ->
                "'in' looks for " + types.get(0) + " in " + types.get(1)
                        + "; write a list of the same type behind it, such as x in [1, 2]";
            default -> operands(symbol, types, operands);
        };
    }

    private static String conditional(List<String> types, List<CelExpr> operands) {
        if (!types.get(0).equals("bool")) {
            return "what stands before '?' is a bool, not " + types.get(0) + "; write a comparison, such as x != 0";
        }
        if (types.contains("null")) {
            return "null stands only beside what can be null, such as a column; write x > 0 ? x : null";
        }
        return "both sides of ':' must have one type, not " + joined(types.subList(1, 3)) + "; "
                + convert(types.subList(1, 3), operands.isEmpty() ? operands : operands.subList(1, 3));
    }

    private static String operands(String symbol, List<String> types, List<CelExpr> operands) {
        boolean two = types.size() == 2;
        if (two && types.containsAll(NUMBERS)) {
            return "int and double do not mix in '" + symbol + "'; " + convert(types, operands);
        }
        if (two && types.contains("string") && symbol.equals("+")) {
            return "'+' joins strings with strings only; " + convert(types, operands);
        }
        if (two && types.contains("timestamp") && types.contains("string")) {
            return "a timestamp is not a string; write timestamp('2001-02-01T08:00:00Z')";
        }
        String given = types.isEmpty() ? "nothing" : joined(types);
        return "'" + symbol + "' does not take " + given + "; write " + Signatures.of(symbol);
    }

    /** Names the operand to convert, as it is written where that is short. */
    private static String convert(List<String> types, List<CelExpr> operands) {
        String target = types.contains("string") ? "string" : types.containsAll(NUMBERS) ? "double" : "";
        if (target.isEmpty()) {
            return "convert one of them with int(), double() or string()";
        }
        for (int i = 0; i < types.size(); i++) {
            if (!types.get(i).equals(target)) {
                return "write "
                        + converted(target, i < operands.size() ? Optional.of(operands.get(i)) : Optional.empty());
            }
        }
        return "convert one of them with " + target + "()";
    }

    private static String converted(String target, Optional<CelExpr> operand) {
        if (operand.isPresent() && operand.get().getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
            CelConstant constant = operand.get().constant();
            if (constant.getKind() == CelConstant.Kind.INT64_VALUE) {
                return target.equals("double") ? constant.int64Value() + ".0" : "'" + constant.int64Value() + "'";
            }
        }
        return target + "(" + operand.flatMap(MismatchMessages::name).orElse("…") + ")";
    }

    /** A column as it is written. */
    static Optional<String> name(CelExpr node) {
        return switch (node.getKind()) {
            case IDENT -> Optional.of(node.ident().name());
            case SELECT ->
                name(node.select().operand())
                        .map(prefix -> prefix + "." + node.select().field());
            default -> Optional.empty();
        };
    }

    private static String joined(List<String> types) {
        return String.join(" and ", types);
    }
}
