package dev.tidewheel.feature.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The canonical text of an entity's key: its column values joined by '|', with '\' and '|' escaped by '\'. */
public final class EntityKeys {
    private EntityKeys() {}

    /** The text of one key column that is not null: strings as they are, numbers in decimal, times in milliseconds. */
    public static String text(Row row, int slot, ColumnType type) {
        return switch (type) {
            case STRING, JSON -> Objects.requireNonNull(row.getString(slot), "a string slot without a string");
            case INT64, TIMESTAMP -> Long.toString(row.getLong(slot));
            case BOOL -> Boolean.toString(row.getBoolean(slot));
            case FLOAT64 -> throw new IllegalArgumentException("a FLOAT64 column makes no key");
        };
    }

    /** Joins the values of the key columns, in the view's order. */
    public static String join(List<String> values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                text.append('|');
            }
            text.append(escape(values.get(i)));
        }
        return text.toString();
    }

    /** The values of a key's columns, as {@link #join} took them. */
    public static List<String> split(String key) {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            char next = key.charAt(i);
            if (next == '\\' && i + 1 < key.length()) {
                value.append(key.charAt(++i));
            } else if (next == '|') {
                values.add(value.toString());
                value.setLength(0);
            } else {
                value.append(next);
            }
        }
        values.add(value.toString());
        return values;
    }

    /** One value as it stands in a key; alone, it is the key. */
    public static String escape(String value) {
        return value.indexOf('\\') < 0 && value.indexOf('|') < 0
                ? value
                : value.replace("\\", "\\\\").replace("|", "\\|");
    }
}
