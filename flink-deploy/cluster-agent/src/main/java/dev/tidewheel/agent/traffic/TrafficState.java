package dev.tidewheel.agent.traffic;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What is there of a model's traffic, as one look saw it.
 *
 * @param published the generation that the registry holds; empty if it holds none
 * @param asWanted whether the registry's records are, to the byte, what is wanted
 * @param applied by sidecar what it says of itself
 * @param expired whether the deadline for all sidecars has passed
 */
record TrafficState(OptionalLong published, boolean asWanted, Map<String, Applied> applied, boolean expired) {
    TrafficState {
        applied = new TreeMap<>(applied);
    }

    /**
     * What a sidecar applies.
     *
     * @param generation {@link #SILENT} if it did not say
     * @param refusal why it does not apply what is published; empty if it does not refuse
     */
    record Applied(long generation, String refusal) {
        /** The generation of one that does not say. */
        static final long SILENT = -1;

        static final Applied UNKNOWN = new Applied(SILENT, "");

        /** For people, and stable while nothing changes. */
        String describe() {
            if (generation == SILENT) {
                return "does not say what it applies";
            }
            return "applies generation " + generation + (refusal.isEmpty() ? "" : ": " + refusal);
        }
    }
}
