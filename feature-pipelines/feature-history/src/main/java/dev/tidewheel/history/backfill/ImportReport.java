package dev.tidewheel.history.backfill;

import dev.tidewheel.records.DeadLetterReason;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an import did.
 *
 * @param imported what the table has of it now
 * @param already whether it was there before, so that nothing was done
 * @param refused how many rows were refused, by reason, those of erased entities too; empty where it was there before
 * @param handedOver how many rows are in the table and do not count, as the source's handover says now; 0 where it was there
 *     before
 */
public record ImportReport(Imported imported, boolean already, Map<DeadLetterReason, Long> refused, long handedOver) {
    public ImportReport {
        refused = new TreeMap<>(refused);
    }

    /** Whether every row is a record, but for those that shall be none. */
    public boolean isSound() {
        return refused.keySet().stream().allMatch(reason -> reason == DeadLetterReason.ERASED);
    }
}
