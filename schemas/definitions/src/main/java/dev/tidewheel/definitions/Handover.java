package dev.tidewheel.definitions;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** Where the imported history of a source ends and its topic begins. Immutable; travels in the job graph. */
public sealed interface Handover extends Serializable {
    /** Of a source that says nothing of it. */
    Handover OFFSETS = new Offsets();

    /**
     * Whether a record is the other side's business, and does not count.
     *
     * @param imported whether it was imported, or came from the topic
     * @param knownTime when it could first be known, epoch milliseconds
     */
    default boolean leavesOut(boolean imported, long knownTime) {
        return false;
    }

    /** Every record counts, wherever it stands: what was imported and what the topic has are other events. */
    record Offsets() implements Handover {}

    /**
     * What was imported counts if it was known before a moment, what came from the topic if it was known then or later.
     *
     * @param at the moment
     */
    record KnownTime(Instant at) implements Handover {
        public KnownTime {
            Objects.requireNonNull(at, "at");
        }

        @Override
        public boolean leavesOut(boolean imported, long knownTime) {
            return imported == knownTime >= at.toEpochMilli();
        }
    }

    /**
     * What the topic begins with may have been imported, too: events have ids, and count once.
     *
     * @param overlap how long after the topic's first record the last imported one may have been known
     */
    record Overlap(Duration overlap) implements Handover {
        public Overlap {
            Objects.requireNonNull(overlap, "overlap");
        }
    }
}
