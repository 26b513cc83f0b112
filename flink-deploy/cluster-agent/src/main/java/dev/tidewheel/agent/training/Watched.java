package dev.tidewheel.agent.training;

import dev.tidewheel.definitions.Monitor;
import dev.tidewheel.definitions.Threshold;
import dev.tidewheel.records.Definition;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * What a version's profile must tell apart, so that the model's monitors can be calibrated by it: a profile has one length
 * of windows and one set of segments for all of them.
 *
 * @param window the shortest of a monitor with calibrated thresholds; a day if there is none
 * @param segments of all monitors
 * @param topSegments the greatest number that one of them asks for
 */
record Watched(Duration window, List<String> segments, int topSegments) {
    private static final Watched NOTHING = new Watched(Duration.ofDays(1), List.of(), 10);

    Watched {
        segments = List.copyOf(segments);
    }

    /** By the monitors in force. */
    static Watched of(String model, Collection<Definition> inForce) {
        List<Monitor> monitors = inForce.stream()
                .filter(definition -> definition.getKind().equals("Monitor"))
                .map(definition -> Monitor.fromBody(definition.getBody()))
                .filter(monitor -> monitor.model().equals(model))
                .toList();
        TreeSet<String> segments = new TreeSet<>();
        monitors.forEach(monitor -> segments.addAll(monitor.segments()));
        return new Watched(
                monitors.stream()
                        .filter(Watched::isCalibrated)
                        .map(Monitor::window)
                        .min(Comparator.naturalOrder())
                        .orElse(NOTHING.window),
                List.copyOf(segments),
                monitors.stream().mapToInt(Monitor::topSegments).max().orElse(NOTHING.topSegments));
    }

    private static boolean isCalibrated(Monitor monitor) {
        return monitor.rules().stream().anyMatch(rule -> !(rule.threshold() instanceof Threshold.Fixed));
    }
}
