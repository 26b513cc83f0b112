package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a change stream brings beside the row after. Flat for Flink's serialisers.
 *
 * @param operation see {@link dev.tidewheel.feature.change.RowOperation#word()}
 * @param connectorTime {@code ts_ms}, epoch milliseconds; null if the record does not say it
 * @param databaseTime {@code source.ts_ms}, epoch milliseconds; null if the record does not say it
 * @param adds whether the record's row counts from now on
 * @param before the row before; null if there is none
 */
public record ChangeEvent(
        String operation,
        @Nullable Long connectorTime,
        @Nullable Long databaseTime,
        boolean adds,
        @Nullable Image before) {

    /**
     * A row as it was.
     *
     * @param words see {@link Row#words()}
     * @param strings see {@link Row#strings()}
     * @param nulls see {@link Row#nulls()}
     * @param counted whether it counted, and does not from now on
     * @param eventTime when it happened, epoch milliseconds; meaningless if it did not count
     */
    @SuppressWarnings("ArrayRecordComponent") // Flat on purpose; never compared.
    public record Image(long[] words, @Nullable String[] strings, boolean[] nulls, boolean counted, long eventTime) {

        static Image of(Row row, int eventTimeSlot) {
            boolean counted = !row.isNull(eventTimeSlot);
            return new Image(
                    row.words(), row.strings(), row.nulls(), counted, counted ? row.getLong(eventTimeSlot) : 0);
        }

        /** The columns, over this image's arrays. */
        public Row row() {
            return new Row(words, strings, nulls);
        }
    }
}
