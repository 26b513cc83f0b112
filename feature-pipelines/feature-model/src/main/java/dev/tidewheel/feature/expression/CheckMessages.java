package dev.tidewheel.feature.expression;

import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns what cel-java reports into what is wrong and what to write instead. */
final class CheckMessages {
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '(.*?)' .*", Pattern.DOTALL);
    private static final Pattern NO_OVERLOAD = Pattern.compile(
            "found no matching overload for '(.*?)' applied to '(.*?)\\((.*)\\)' \\(cand.*", Pattern.DOTALL);
    private static final List<String> NUMBERS = List.of("int", "double");

    private final String text;
    private final RowSchema row;
    private final Optional<CelExpr> root;

    CheckMessages(String text, RowSchema row) {
        this.text = text;
        this.row = row;
        this.root = parsed(text);
    }

    private static Optional<CelExpr> parsed(String text) {
        try {
            return Optional.of(CelFrontEnd.parse(text).getExpr());
        } catch (CelValidationException wrongSyntax) {
            return Optional.empty();
        }
    }

    /** The first issue in the order of the text: the others are often its consequences. */
    ExpressionException explain(List<CelIssue> issues) {
        CelIssue first = issues.stream()
                .min(Comparator.comparing(CelIssue::getSourceLocation))
                .orElseThrow();
        Optional<CelExpr> about = root.flatMap(tree -> find(tree, first.getExprId()));
        int offset = Offsets.at(first.getSourceLocation(), text);
        Matcher undeclared = UNDECLARED.matcher(first.getMessage());
        if (undeclared.matches()) {
            return undeclared(undeclared.group(1), about, offset);
        }
        Matcher overload = NO_OVERLOAD.matcher(first.getMessage());
        if (overload.matches()) {
            List<String> types = types(overload);
            return new ExpressionException(mismatch(overload.group(1), types, operands(about)), offset);
        }
        return new ExpressionException(SyntaxMessages.explain(first.getMessage()), offset);
    }

    /** A method's receiver stands before the parentheses. */
    private static List<String> types(Matcher overload) {
        String receiver = overload.group(2).endsWith(".")
                ? overload.group(2).substring(0, overload.group(2).length() - 1)
                : "";
        return Stream.concat(Stream.of(receiver), Stream.of(overload.group(3).split(", ")))
                .filter(type -> !type.isEmpty())
                .map(Symbols::type)
                .toList();
    }

    private ExpressionException undeclared(String name, Optional<CelExpr> about, int offset) {
        if (about.isPresent() && about.get().getKind() == CelExpr.ExprKind.Kind.CALL) {
            return new ExpressionException(
                    "there is no function '" + name + "'" + Spelling.hint(name, functions()),
                    functionStart(name, offset));
        }
        String whole = root.isPresent() ? qualified(name, offset) : name;
        List<String> columns = row.columns().stream().map(Column::name).toList();
        return new ExpressionException("there is no column '" + whole + "'" + Spelling.hint(whole, columns), offset);
    }

    /** cel-java points at the parenthesis behind a function's name. */
    private int functionStart(String name, int offset) {
        int start = offset - name.length();
        return start >= 0 && text.startsWith(name, start) ? start : offset;
    }

    static List<String> functions() {
        TreeSet<String> names = new TreeSet<>(List.of(
                "size",
                "startsWith",
                "endsWith",
                "contains",
                "int",
                "double",
                "string",
                "timestamp",
                "getFullYear",
                "getMonth",
                "getDate",
                "getDayOfMonth",
                "getDayOfWeek",
                "getDayOfYear",
                "getHours",
                "getMinutes",
                "getSeconds",
                "getMilliseconds"));
        Functions.OVERLOADS.forEach(overload -> names.add(overload.function()));
        return List.copyOf(names);
    }

    /** The dotted name that starts at an offset, as far as it is written without spaces. */
    private String qualified(String name, int offset) {
        int end = offset + name.length();
        while (end < text.length() && (text.charAt(end) == '.' || Character.isJavaIdentifierPart(text.charAt(end)))) {
            end++;
        }
        String dotted = text.startsWith(name, offset) ? text.substring(offset, end) : name;
        boolean method = end < text.length() && text.charAt(end) == '(' && dotted.contains(".");
        return method ? dotted.substring(0, dotted.lastIndexOf('.')) : dotted;
    }

    private static String mismatch(String function, List<String> types, List<CelExpr> operands) {
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
        boolean numbersMix = types.size() == 2 && types.containsAll(NUMBERS);
        boolean oneIsText = types.size() == 2 && types.contains("string") && symbol.equals("+");
        if (numbersMix) {
            return "int and double do not mix in '" + symbol + "'; " + convert(types, operands);
        }
        if (oneIsText) {
            return "'+' joins strings with strings only; " + convert(types, operands);
        }
        if (Functions.OVERLOADS.stream()
                        .anyMatch(overload -> overload.function().equals(symbol))
                && types.contains("int")) {
            return "'" + symbol + "' does not take " + joined(types) + "; write double(x) where it takes a double";
        }
        return "'" + symbol + "' does not take " + joined(types) + "; see docs/expressions.md for what it takes";
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
        return target + "(" + operand.flatMap(CheckMessages::name).orElse("…") + ")";
    }

    private static Optional<String> name(CelExpr node) {
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

    private static List<CelExpr> operands(Optional<CelExpr> about) {
        if (about.isEmpty() || about.get().getKind() != CelExpr.ExprKind.Kind.CALL) {
            return List.of();
        }
        List<CelExpr> operands = new ArrayList<>();
        about.get().call().target().ifPresent(operands::add);
        operands.addAll(about.get().call().args());
        return operands;
    }

    private static Optional<CelExpr> find(CelExpr node, long id) {
        if (node.id() == id) {
            return Optional.of(node);
        }
        return children(node).stream()
                .flatMap(child -> find(child, id).stream())
                .findFirst();
    }

    private static List<CelExpr> children(CelExpr node) {
        return switch (node.getKind()) {
            case CALL -> operands(Optional.of(node));
            case SELECT -> List.of(node.select().operand());
            case LIST -> node.list().elements();
            default -> List.of();
        };
    }
}
