package dev.tidewheel.definitions;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What the reference profile of a model's versions must tell apart, so that its monitors can judge by it.
 *
 * @param window how long the profile's windows are: thresholds are calibrated to windows of this length
 * @param segments whose most frequent values are told apart; by name
 * @param topSegments how many of them
 */
public record ProfileNeeds(Duration window, List<String> segments, int topSegments) {
    /** Where no rule is calibrated. */
    private static final Duration ANY_WINDOW = Duration.ofDays(1);

    public ProfileNeeds {
        Objects.requireNonNull(window, "window");
        segments = List.copyOf(segments);
    }

    /**
     * What a model's monitors need. A profile has windows of one length: the longest that calibrated rules ask for. Those
     * of monitors with shorter windows find no threshold.
     *
     * @param monitors of any model
     */
    public static ProfileNeeds of(String model, Collection<Monitor> monitors) {
        Duration window = Duration.ZERO;
        TreeSet<String> segments = new TreeSet<>();
        int topSegments = 1;
        for (Monitor monitor : monitors) {
            if (!monitor.model().equals(model)) {
                continue;
            }
            boolean calibrated =
                    monitor.rules().stream().anyMatch(rule -> rule.threshold() instanceof Threshold.Calibrated);
            if (calibrated && monitor.window().compareTo(window) > 0) {
                window = monitor.window();
            }
            segments.addAll(monitor.segments());
            topSegments = Math.max(topSegments, monitor.topSegments());
        }
        return new ProfileNeeds(window.isZero() ? ANY_WINDOW : window, List.copyOf(segments), topSegments);
    }
}
