package dev.tidewheel.agent.traffic;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What is there of a model's traffic, as one look saw it.
 *
 * @param published the generation that the registry holds; empty if it holds none
 * @param asWanted whether the registry's records are, to the byte, what is wanted
 * @param applied by sidecar the generation that it applies; {@link Sidecars#SILENT} for one that did not say
 */
record TrafficState(OptionalLong published, boolean asWanted, Map<String, Long> applied) {
    TrafficState {
        applied = new TreeMap<>(applied);
    }
}
