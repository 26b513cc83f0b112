package dev.tidewheel.workbench.demo;

import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.backfill.Imported;
import dev.tidewheel.history.books.Books;
import dev.tidewheel.history.books.DeadLetters;
import dev.tidewheel.history.parity.OnlinePerformance;
import dev.tidewheel.history.parity.Parity;
import dev.tidewheel.history.parity.ParityReport;
import dev.tidewheel.history.parity.ParitySettings;
import dev.tidewheel.history.parity.Performance;
import dev.tidewheel.history.parity.ViewParity;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.report.ControlReport;
import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.report.Report.Day;
import dev.tidewheel.workbench.report.Report.Percentiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks back at what was served: reads the topics of inferences, labels and frontiers once each. For one thread. */
final class Evaluation {
    private static final int LISTED = 20;
    /** The arm whose answers nobody got. */
    private static final String SHADOW = "shadow";

    private final Script script;
    private final TopicScan topics;
    private final ServedDays days = new ServedDays();
    private final OnlinePerformance online;
    private final Set<String> logged = new HashSet<>();
    private final Set<String> labelled = new HashSet<>();
    private final List<Long> asked = new ArrayList<>();

    Evaluation(Script script, TopicScan topics) {
        this.script = script;
        this.topics = topics;
        this.online = new OnlinePerformance(script.model().name());
    }

    /**
     * Recomputes everything that was served.
     *
     * @param raw all records of the source
     * @param bound how old a known change may be before a vector that misses it is untimely
     */
    ParityReport parity(ChangeHistory raw, Duration bound) throws InterruptedException {
        FrontierIndex frontiers = new FrontierIndex();
        topics.scan(Topics.FRONTIERS, Frontier.class, frontiers::add);
        DeadLetters letters = new DeadLetters();
        topics.scan(Topics.DEAD_LETTERS, DeadLetter.class, letters::add);
        ParitySettings settings =
                new ParitySettings(bound, LISTED, Runtime.getRuntime().availableProcessors());
        try (Parity parity =
                new Parity(script.service(), script.serviceHash(), byView(raw), frontiers, letters, settings)) {
            topics.scan(Topics.INFERENCES, Inference.class, inference -> {
                parity.add(inference);
                logged.add(inference.getRequestId());
                asked.add(inference.getT());
                if (!inference.getArm().equals(SHADOW)) {
                    days.add(inference);
                    online.add(inference);
                }
            });
            topics.scan(Topics.LABELS, Label.class, this::take);
            return parity.result();
        }
    }

    /** How good the served predictions were. */
    Performance performance() {
        return online.result();
    }

    /** How the days went. */
    List<Day> days() {
        return days.days();
    }

    /** How good the days were, for those who asked. */
    List<ControlReport.Day> losses() {
        return days.losses();
    }

    /** When each row of the log was asked, epoch milliseconds; every arm's. */
    List<Long> asked() {
        return asked;
    }

    /** How many distinct requests were answered with a prediction. */
    long predicted() {
        return online.predicted();
    }

    /** How many requests have a label. */
    long labels() {
        return labelled.size();
    }

    /**
     * The books of the source and of the model; those of the views need the store. A request that was asked again after
     * a crash may be logged twice: it counts once. A row that the sidecar dropped is no excuse: who asks a whole story has
     * to find all of it in the log.
     */
    Books books(ChangeHistory raw, List<Imported> imports, long asked) {
        return new Books()
                .source(raw, topics.ends(script.source().only().topic()))
                .imports(raw, imports)
                .equal(
                        "model " + script.model().name(),
                        "requests asked",
                        asked,
                        "distinct requests logged",
                        logged.size());
    }

    /** In the report's words. */
    static Report.Parity reported(ParityReport parity) {
        Percentiles lag = parity.views().stream()
                .max(Comparator.comparingLong(view -> view.lagMillis().max()))
                .map(Evaluation::lag)
                .orElse(Percentiles.NONE);
        return new Report.Parity(
                parity.inferences(),
                parity.values(),
                parity.unexplained(),
                parity.pending(),
                parity.unserved()
                        + parity.views().stream()
                                .mapToLong(ViewParity::unserved)
                                .sum(),
                parity.absent(),
                parity.freed(),
                parity.boundMillis() / 1000,
                parity.untimely(),
                lag);
    }

    private void take(Label label) {
        labelled.add(label.getRequestId());
        days.add(label);
        online.add(label);
    }

    private Map<String, ChangeHistory> byView(ChangeHistory raw) {
        Map<String, ChangeHistory> histories = new HashMap<>();
        for (ViewRead read : script.service().reads()) {
            histories.put(read.view().spec().name(), raw);
        }
        return histories;
    }

    private static Percentiles lag(ViewParity view) {
        var lag = view.lagMillis();
        return new Percentiles(view.vectors(), lag.p50(), 0, lag.p99(), lag.p999(), lag.max());
    }
}
