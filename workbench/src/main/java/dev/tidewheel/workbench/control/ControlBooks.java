package dev.tidewheel.workbench.control;

import dev.tidewheel.history.books.Books;
import dev.tidewheel.records.Desired;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.Observation;
import dev.tidewheel.records.ObservedPhase;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The books of monitoring and lifecycle: feed it the topics that hold both sides. Not thread-safe.
 */
public final class ControlBooks {
    private static final String TRAINING = "training/";
    private static final String CANCELLED = "CANCELLED";

    private final MonitoringHistory monitoring;
    private final LifecycleHistory lifecycle;
    /** When each logged row was asked, by row number. */
    private final Map<Long, Long> logged = new TreeMap<>();

    private final Set<String> triggers = new HashSet<>();
    private final Set<String> desired = new HashSet<>();
    private final Map<String, ObservedPhase> ends = new HashMap<>();
    private long inbox;

    /** @param monitoring and lifecycle that are complete when {@link #enter} is called */
    public ControlBooks(MonitoringHistory monitoring, LifecycleHistory lifecycle) {
        this.monitoring = monitoring;
        this.lifecycle = lifecycle;
    }

    /** A row of the inference log, asked at a moment. */
    public void logged(long askedAt) {
        logged.merge(askedAt, 1L, Long::sum);
    }

    public void add(LifecycleEvent event) {
        inbox++;
        if (event.getId().startsWith("alert/")) {
            triggers.add(event.getId());
        }
    }

    public void add(Desired record) {
        if (record.getSlot().startsWith(TRAINING)) {
            desired.add(record.getSlot());
        }
    }

    public void add(Observation observation) {
        boolean ended =
                observation.getPhase() == ObservedPhase.SUCCEEDED || observation.getPhase() == ObservedPhase.FAILED;
        if (ended && observation.getSlot().startsWith(TRAINING)) {
            ends.putIfAbsent(observation.getSlot(), observation.getPhase());
        }
    }

    /** Enters all equations. */
    public void enter(Books books) {
        monitoring
                .ends()
                .forEach((monitor, end) -> books.equal(
                        "monitor " + monitor,
                        "rows in closed windows",
                        monitoring.rows(monitor),
                        "rows logged before the newest one's end",
                        loggedBefore(end)));
        monitoring.enterSegments(books);
        books.equal("alerts", "fired", monitoring.fired(), "triggers in the inbox", triggers.size());
        books.equal("lifecycle", "events in the inbox", inbox, "decisions", lifecycle.decisions());
        books.equal(
                "trainings",
                "desired",
                desired.size(),
                "started by decisions",
                lifecycle.runs().size());
        books.equal(
                "trainings that began",
                "started",
                lifecycle.runs().size(),
                "succeeded, failed, cancelled or active",
                count(ObservedPhase.SUCCEEDED)
                        + count(ObservedPhase.FAILED)
                        + cancelled()
                        + (lifecycle.active() ? 1 : 0));
    }

    private long loggedBefore(long end) {
        return logged.entrySet().stream()
                .filter(row -> row.getKey() < end)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private long count(ObservedPhase phase) {
        return ends.values().stream().filter(phase::equals).count();
    }

    private long cancelled() {
        return lifecycle.runs().stream()
                .filter(run -> run.end().filter(CANCELLED::equals).isPresent())
                .filter(run -> !ends.containsKey(TRAINING + run.version()))
                .count();
    }
}
