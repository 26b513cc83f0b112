package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;

/** Values that are no text as words that are equal where the values are: one for all NaNs, one for 0.0 and −0.0. */
final class Words {
    private Words() {}

    static long of(ColumnType type, Row values, int slot) {
        return type == ColumnType.FLOAT64
                ? Double.doubleToLongBits(values.getDouble(slot) + 0.0) // −0.0 + 0.0 is 0.0
                : values.getLong(slot);
    }
}
