package dev.tidewheel.feature.view;

import dev.tidewheel.feature.row.Row;

/**
 * Values with their worth, by slot.
 *
 * @param row the values; null where the status is not OK, except counts of an absent key, which are 0
 * @param statuses one {@link Status} code per slot
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose: the bytes go to records as they are.
public record FeatureValues(Row row, byte[] statuses) {
    public FeatureValues {
        if (row.size() != statuses.length) {
            throw new IllegalArgumentException(row.size() + " values, " + statuses.length + " statuses");
        }
    }

    public Status status(int slot) {
        return Status.of(statuses[slot]);
    }
}
