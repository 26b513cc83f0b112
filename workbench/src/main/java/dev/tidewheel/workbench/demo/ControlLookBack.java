package dev.tidewheel.workbench.demo;

import dev.tidewheel.history.books.Books;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.records.Alert;
import dev.tidewheel.records.Desired;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.records.Observation;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.control.ControlBooks;
import dev.tidewheel.workbench.control.LifecycleHistory;
import dev.tidewheel.workbench.control.MonitoringHistory;
import dev.tidewheel.workbench.control.WeekAfter;
import dev.tidewheel.workbench.report.ControlReport;
import dev.tidewheel.workbench.report.ControlReport.Losses;
import dev.tidewheel.workbench.report.ControlReport.Run;
import dev.tidewheel.workbench.report.ControlReport.Span;
import dev.tidewheel.workbench.report.Report.Percentiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks back at what monitoring and lifecycle did: reads their topics once each. For one thread. */
final class ControlLookBack {
    private final String model;
    private final MonitoringHistory monitoring = new MonitoringHistory();
    private final LifecycleHistory lifecycle;
    private final ControlBooks books;

    private ControlLookBack(String model) {
        this.model = model;
        this.lifecycle = new LifecycleHistory(model);
        this.books = new ControlBooks(monitoring, lifecycle);
    }

    static ControlLookBack read(String model, TopicScan topics) throws InterruptedException {
        ControlLookBack back = new ControlLookBack(model);
        topics.scan(Topics.METRICS, MetricRow.class, back.monitoring::add);
        topics.scan(Topics.ALERTS, Alert.class, back.monitoring::add);
        topics.scan(Topics.LIFECYCLE, LifecycleDecision.class, back.lifecycle::add);
        topics.scan(Topics.LIFECYCLE_INBOX, LifecycleEvent.class, back.books::add);
        topics.scan(Topics.DESIRED, Desired.class, back.books::add);
        topics.scan(Topics.OBSERVATIONS, Observation.class, back.books::add);
        return back;
    }

    /**
     * Enters the books of monitoring and lifecycle.
     *
     * @param asked when each row of the inference log was asked
     */
    void enter(Books all, Iterable<Long> asked) {
        asked.forEach(books::logged);
        books.enter(all);
    }

    /** The first champion and every version that was trained since, in order. */
    List<String> versions() {
        List<String> versions = new ArrayList<>();
        lifecycle.first().ifPresent(versions::add);
        lifecycle.runs().stream().map(Run::version).forEach(versions::add);
        return versions;
    }

    /**
     * All of it.
     *
     * @param begin of the story
     * @param end how far it came
     * @param losses of what was served, and of all versions on the same rows
     * @param standstill how long the story stood still at control ticks
     */
    ControlReport report(Instant begin, Instant end, List<Losses> losses, Percentiles standstill) {
        List<Span> serving = lifecycle.serving(begin, end);
        return new ControlReport(
                model,
                lifecycle.first().orElse(""),
                monitoring.watched(),
                monitoring.rules(),
                lifecycle.runs(),
                serving,
                lifecycle.trials(end),
                losses,
                WeekAfter.of(serving, losses),
                lifecycle.decisions(),
                standstill);
    }
}
