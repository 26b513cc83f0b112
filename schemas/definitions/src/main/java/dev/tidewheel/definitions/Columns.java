package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.expression.ExpressionException;
import dev.tidewheel.feature.expression.Spelling;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The columns that names and expressions may refer to, and why others may not.
 *
 * @param schema the columns
 * @param leftOut fields that are no columns, with the reason and the remedy
 */
record Columns(RowSchema schema, Map<String, String> leftOut) {
    private static final Pattern NO_COLUMN = Pattern.compile("there is no column '(.*?)'.*", Pattern.DOTALL);

    Columns {
        leftOut = Map.copyOf(leftOut);
    }

    static Columns of(RowSchema schema) {
        return new Columns(schema, Map.of());
    }

    /** These columns and one more. */
    Columns with(Column column) {
        List<Column> more = new ArrayList<>(schema.columns());
        more.add(column);
        return new Columns(new RowSchema(more), leftOut);
    }

    List<String> names() {
        return schema.columns().stream().map(Column::name).toList();
    }

    /** The slot of a column of one of the types; a problem and −1 if there is none. */
    int slot(Scalar name, Problems problems, ColumnType... types) {
        int slot = schema.slot(name.text());
        if (slot < 0) {
            String reason = leftOut.get(name.text());
            String message = reason == null
                    ? "there is no column '" + name.text() + "'" + Spelling.hint(name.text(), names())
                    : "'" + name.text() + "' cannot be a column: " + reason;
            problems.add(name.place(), reason == null ? ProblemCode.UNKNOWN_COLUMN : ProblemCode.COLUMN_TYPE, message);
            return -1;
        }
        ColumnType type = schema.column(slot).type();
        if (!Arrays.asList(types).contains(type)) {
            problems.add(
                    name.place(),
                    ProblemCode.COLUMN_TYPE,
                    "the column '" + name.text() + "' is " + word(type) + "; name one that is " + words(types));
            return -1;
        }
        return slot;
    }

    /** A compiled expression; a problem at the very character and nothing if it does not compile. */
    Optional<Expression> expression(Scalar text, Problems problems) {
        try {
            return Optional.of(Expression.compile(text.text(), schema));
        } catch (ExpressionException wrong) {
            problems.add(text.placeOf(wrong.offset()), ProblemCode.EXPRESSION, explained(wrong));
            return Optional.empty();
        }
    }

    /** A compiled expression of a type. */
    Optional<Expression> expression(Scalar text, ColumnType type, Problems problems) {
        Optional<Expression> expression = expression(text, problems);
        if (expression.isPresent() && expression.get().type() != type) {
            problems.add(
                    text.place(),
                    ProblemCode.EXPRESSION_TYPE,
                    "the expression is " + word(expression.get().type()) + ", not " + word(type) + "; "
                            + conversion(type));
            return Optional.empty();
        }
        return expression;
    }

    private String explained(ExpressionException wrong) {
        String message = String.valueOf(wrong.getMessage());
        Matcher missing = NO_COLUMN.matcher(message);
        String reason = missing.matches() ? leftOut.get(missing.group(1)) : null;
        return reason == null ? message : "'" + missing.group(1) + "' cannot be a column: " + reason;
    }

    private static String conversion(ColumnType type) {
        return switch (type) {
            case BOOL -> "write a comparison, such as x > 0";
            case FLOAT64 -> "write double(…)";
            case INT64 -> "write int(…)";
            case STRING, JSON -> "write string(…)";
            case TIMESTAMP -> "write a timestamp column";
        };
    }

    static String word(ColumnType type) {
        return switch (type) {
            case INT64 -> "an int64";
            case FLOAT64 -> "a float64";
            case BOOL -> "a bool";
            case STRING -> "a string";
            case JSON -> "JSON text";
            case TIMESTAMP -> "a timestamp";
        };
    }

    private static String words(ColumnType... types) {
        return String.join(" or ", Arrays.stream(types).map(Columns::word).toList());
    }
}
