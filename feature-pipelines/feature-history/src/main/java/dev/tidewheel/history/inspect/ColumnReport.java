package dev.tidewheel.history.inspect;

import dev.tidewheel.drift.blocks.Rise;
import dev.tidewheel.drift.blocks.StartToEnd;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One column of a set's vector.
 *
 * @param nullShare of all rows
 * @param infiniteShare of all rows
 * @param alone AUC of the column alone on the sample; null without a label of yes and no, and for text
 * @param own from serving's world to the set's; null if that is serving's, or nothing was compared
 * @param eventTime from serving's world to that of a join on event times; null if nothing was compared
 * @param hindsight from serving's world to what was known a week later; null if nothing was compared
 * @param drift from start to end; null for text
 * @param knownLaterShare of the questions those whose event, which the column was computed from, became known later; null
 *     where columns do not come from events
 */
public record ColumnReport(
        String name,
        double nullShare,
        double infiniteShare,
        @Nullable Double alone,
        @Nullable Rise own,
        @Nullable Rise eventTime,
        @Nullable Rise hindsight,
        @Nullable StartToEnd drift,
        @Nullable Double knownLaterShare,
        Set<Finding> findings) {
    public ColumnReport {
        Objects.requireNonNull(name, "name");
        findings = findings.isEmpty()
                ? Collections.unmodifiableSet(EnumSet.noneOf(Finding.class))
                : Collections.unmodifiableSet(EnumSet.copyOf(findings));
    }

    /** Whether somebody should look before anything is learnt from it. */
    public boolean isSuspect() {
        return findings.stream().anyMatch(Finding::isSuspect);
    }
}
