package dev.tidewheel.history.exchange;

import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.source.SourceColumns;
import java.util.stream.IntStream;

/** The columns of a source that are handed over with its changes. Immutable and thread-safe. */
final class ChangeColumns {
    private final int[] slots;
    private final boolean knownByRecord;

    ChangeColumns(SourceColumns source, ScanFilter filter) {
        this.slots = IntStream.range(0, source.schema().size())
                .filter(slot ->
                        filter.columns().contains(source.schema().column(slot).name())
                                || slot == source.eventTimeSlot()
                                || slot == source.knownTimeSlot()
                                || slot == source.eventIdSlot())
                .toArray();
        this.knownByRecord = source.knownTimeSlot() < 0;
    }

    int count() {
        return slots.length;
    }

    /** Where the n-th stands in the source. */
    int slot(int n) {
        return slots[n];
    }

    /** Whether no column says when a change was known, but its record. */
    boolean knownByRecord() {
        return knownByRecord;
    }
}
