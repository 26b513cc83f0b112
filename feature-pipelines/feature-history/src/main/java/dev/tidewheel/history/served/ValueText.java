package dev.tidewheel.history.served;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.FeatureValues;
import java.time.Instant;

/** Values for people: exact, so that what differs also looks different. */
public final class ValueText {
    private ValueText() {}

    /** The value in a slot, or {@code null}. */
    public static String of(Row row, int slot, ColumnType type) {
        if (row.isNull(slot)) {
            return "null";
        }
        return switch (type) {
            case INT64 -> Long.toString(row.getLong(slot));
            case FLOAT64 -> Double.toString(row.getDouble(slot));
            case BOOL -> Boolean.toString(row.getBoolean(slot));
            case STRING, JSON -> "'" + row.getString(slot) + "'";
            case TIMESTAMP -> Instant.ofEpochMilli(row.getLong(slot)).toString();
        };
    }

    /** The value with its status. */
    public static String of(FeatureValues values, int slot, ColumnType type) {
        return of(values.row(), slot, type) + " " + values.status(slot);
    }
}
