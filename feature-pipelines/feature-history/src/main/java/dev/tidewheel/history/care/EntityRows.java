package dev.tidewheel.history.care;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Knows an entity's rows in a raw table: those that have its values, now or, in a table of changes, before. Thread-safe. */
final class EntityRows {
    private static final String BEFORE = "_before_";

    private final Expression filter;
    private final Evaluator evaluator;

    private EntityRows(Expression filter, Schema schema) {
        this.filter = filter;
        this.evaluator = new Evaluator(schema.asStruct(), filter);
    }

    /**
     * @param entity columns with their texts, as keys have them
     * @return empty if no row can be theirs: a column is not there, is no key, or cannot have the value
     */
    static Optional<EntityRows> in(Schema schema, SortedMap<String, String> entity) {
        Optional<Expression> after = all(schema, entity, "");
        return after.map(theirs -> new EntityRows(
                Expressions.or(theirs, all(schema, entity, BEFORE).orElse(Expressions.alwaysFalse())), schema));
    }

    private static Optional<Expression> all(Schema schema, SortedMap<String, String> entity, String prefix) {
        Expression all = Expressions.alwaysTrue();
        for (Map.Entry<String, String> column : entity.entrySet()) {
            String name = prefix + column.getKey();
            Object value = value(schema.findType(name), column.getValue());
            if (value == null) {
                return Optional.empty();
            }
            all = Expressions.and(all, Expressions.equal(name, value));
        }
        return Optional.of(all);
    }

    /** Null if a column of the type cannot have a value with this text. */
    private static @Nullable Object value(@Nullable Type type, String text) {
        if (type == null) {
            return null;
        }
        return switch (type.typeId()) {
            case STRING -> text;
            case LONG -> number(text);
            case INTEGER -> {
                Long number = number(text);
                yield number == null || number != number.intValue() ? null : (Object) number.intValue();
            }
            case BOOLEAN -> text.equals("true") || text.equals("false") ? (Object) text.equals("true") : null;
            default -> null;
        };
    }

    private static @Nullable Long number(String text) {
        try {
            long number = Long.parseLong(text);
            return Long.toString(number).equals(text) ? (Long) number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** What files are planned by. */
    Expression filter() {
        return filter;
    }

    /** @param row of all columns */
    boolean isTheirs(Record row) {
        return evaluator.eval(row);
    }
}
