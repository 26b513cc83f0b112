package dev.tidewheel.jobs.changelog;

import org.jspecify.annotations.Nullable;

/**
 * One line of a saved changelog, flat for Flink's serialisers. Each partition begins with a line without a row, so that it
 * is known even if it has none; the columns that all rows have stand in a line of partition −1.
 *
 * @param partition of the source's topic; −1 for the line of the columns
 * @param lastOffset of the partition that is contained
 * @param key the primary key's text; the columns, see {@link SavedColumns}; empty at a partition's beginning
 * @param row see {@link dev.tidewheel.feature.row.RowCodec}; null at a partition's beginning
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose; never compared.
public record ChangelogEntry(int partition, long lastOffset, String key, byte @Nullable [] row) {
    static final int COLUMNS = -1;
}
