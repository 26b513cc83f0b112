package dev.tidewheel.feature.expression;

import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.tidewheel.feature.expression.function.PureFunctions;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns what cel-java reports into what is wrong and what to write instead. */
final class CheckMessages {
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '(.*?)' .*", Pattern.DOTALL);
    private static final Pattern NO_OVERLOAD = Pattern.compile(
            "found no matching overload for '(.*?)' applied to '(.*?)'(?: \\(candidates.*)?", Pattern.DOTALL);
    private static final Pattern NO_FIELD =
            Pattern.compile("type '.*' does not support field selection", Pattern.DOTALL);

    /** What is called on a value. */
    private static final Set<String> METHODS = Signatures.methods();

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
            return new ExpressionException(
                    MismatchMessages.explain(overload.group(1), types(overload.group(2)), operands(about)), offset);
        }
        if (NO_FIELD.matcher(first.getMessage()).matches() && about.isPresent()) {
            return noColumn(MismatchMessages.name(about.get()).orElse("…"), offset);
        }
        return new ExpressionException(SyntaxMessages.explain(Symbols.type(first.getMessage())), offset);
    }

    /** A method's receiver stands before the parentheses, {@code string.(int)}. */
    private static List<String> types(String applied) {
        int receiver = applied.indexOf(".(");
        String types = receiver < 0
                ? applied
                : applied.substring(0, receiver) + ", " + applied.substring(receiver + 2, applied.length());
        return Stream.of(unwrapped(types).split(", "))
                .filter(type -> !type.isBlank())
                .map(Symbols::type)
                .toList();
    }

    private static String unwrapped(String types) {
        String inner = types.startsWith("(") ? types.substring(1) : types;
        long open = inner.chars().filter(c -> c == '(').count();
        long closed = inner.chars().filter(c -> c == ')').count();
        return closed > open ? inner.substring(0, inner.length() - 1) : inner;
    }

    private ExpressionException undeclared(String name, Optional<CelExpr> about, int offset) {
        if (about.isPresent() && about.get().getKind() == CelExpr.ExprKind.Kind.CALL) {
            return new ExpressionException(
                    "there is no function '" + name + "'" + Spelling.hint(name, Signatures.functions()),
                    functionStart(name, offset));
        }
        Optional<String> function = root.flatMap(tree -> calledOn(tree, name));
        if (function.isPresent() && row.slot(name) < 0) {
            return noFunction(function.get(), offset);
        }
        String whole = root.isPresent() ? qualified(name, offset) : name;
        return noColumn(whole, offset);
    }

    /** {@code geo.distance}, where it is called and {@code geo} is no column. */
    private static Optional<String> calledOn(CelExpr node, String namespace) {
        if (node.getKind() == CelExpr.ExprKind.Kind.CALL
                && node.call().target().flatMap(MismatchMessages::name).equals(Optional.of(namespace))
                && !METHODS.contains(node.call().function())) {
            return Optional.of(namespace + "." + node.call().function());
        }
        return children(node).stream()
                .flatMap(child -> calledOn(child, namespace).stream())
                .findFirst();
    }

    private static ExpressionException noFunction(String name, int offset) {
        List<String> registered = PureFunctions.names();
        String near = Spelling.closest(name, registered)
                .map(found -> "; did you mean '" + found + "'?")
                .orElse("; put the jar that registers it on the class path of every process, see"
                        + " docs/tasks/add-a-function.md" + among(registered));
        return new ExpressionException("there is no registered function '" + name + "'" + near, offset);
    }

    private static String among(List<String> registered) {
        return registered.isEmpty() ? "" : "; registered are: " + String.join(", ", registered);
    }

    private ExpressionException noColumn(String name, int offset) {
        List<String> columns = row.columns().stream().map(Column::name).toList();
        String orText = name.contains(".") || Spelling.closest(name, columns).isPresent()
                ? ""
                : "; or '" + name + "' in quotes if it is a text";
        return new ExpressionException(
                "there is no column '" + name + "'" + Spelling.hint(name, columns) + orText, offset);
    }

    /** cel-java points at the parenthesis behind a function's name. */
    private int functionStart(String name, int offset) {
        int start = offset - name.length();
        return start >= 0 && text.startsWith(name, start) ? start : offset;
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
