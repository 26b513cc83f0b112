package dev.tidewheel.history.backfill;

import dev.tidewheel.records.DeadLetterReason;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an import did.
 *
 * @param imported what the table has of it now
 * @param already whether it was there before, so that nothing was done
 * @param refused how many rows were refused, by reason; empty where it was there before
 */
public record ImportReport(Imported imported, boolean already, Map<DeadLetterReason, Long> refused) {
    public ImportReport {
        refused = new TreeMap<>(refused);
    }
}
