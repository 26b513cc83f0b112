package dev.tidewheel.feature.change;

import dev.tidewheel.feature.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a change stream does to the set of rows.
 *
 * @param before the row that counts no longer; null if there is none
 * @param after the row that counts from now on; null if there is none
 */
public record RowChange(@Nullable Row before, @Nullable Row after) {
    /** The set stays as it is. */
    public static final RowChange NONE = new RowChange(null, null);
}
