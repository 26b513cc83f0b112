package dev.tidewheel.monitoring.window;

import dev.tidewheel.definitions.Monitor;
import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.monitoring.publish.Outgoing;
import dev.tidewheel.records.Alert;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.records.Reference;
import dev.tidewheel.records.ReferenceKind;
import dev.tidewheel.records.Verdict;
import dev.tidewheel.runtime.kafka.RecordSerde;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * The windows of all cells. A window is published when its watermark has come. One that rests on labels is published
 * again at each of the monitor's steps if anything came, and a last time when every row is labelled or the deadline has
 * passed; any other at once if a row came late. Each time with the next revision. Rules judge windows in their order.
 *
 * <p>A window's state goes one window after the deadline; what rules remember goes with the cell's last window. Both go at
 * once, unpublished, when the segment is taken out of the version's profile: its value is erased.
 */
public final class Windows extends KeyedBroadcastProcessFunction<String, CellUpdate, LogRecord, Outgoing> {
    private static final long serialVersionUID = 1L;

    /** The bytes of monitors and profiles by the registry's key. */
    public static final MapStateDescriptor<String, byte[]> REFERENCES =
            new MapStateDescriptor<>("references", Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private transient MapState<Long, CellWindow> windows;
    private transient ListState<CellUpdate> outcomes;
    private transient MapState<String, RuleState> rules;
    private transient References references;
    private transient Map<Cell, List<Ruling>> rulings;
    private transient RecordSerde<MetricRow> rows;
    private transient RecordSerde<Alert> alerts;
    private transient Counter tooLate;

    @SuppressWarnings("NullAway.Init") // Flink calls open before anything else.
    public Windows() {}

    @Override
    public void open(OpenContext context) {
        windows = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("windows", Types.LONG, TypeInformation.of(CellWindow.class)));
        outcomes = getRuntimeContext()
                .getListState(new ListStateDescriptor<>("outcomes", TypeInformation.of(CellUpdate.class)));
        rules = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("rules", Types.STRING, TypeInformation.of(RuleState.class)));
        references = new References();
        rulings = new HashMap<>();
        rows = RecordSerde.of(MetricRow.class);
        alerts = RecordSerde.of(Alert.class);
        tooLate = getRuntimeContext().getMetricGroup().addGroup("tidewheel").counter("tooLateForWindow");
    }

    @Override
    public void processBroadcastElement(LogRecord record, Context context, Collector<Outgoing> out) throws Exception {
        String key = new String(Objects.requireNonNull(record.key()), StandardCharsets.UTF_8);
        byte[] value = record.value();
        if (value == null) {
            context.getBroadcastState(REFERENCES).remove(key);
        } else if (references.isReadable(key, value)) {
            context.getBroadcastState(REFERENCES).put(key, value);
        }
        references.forget(key);
        rulings.clear();
    }

    @Override
    public void processElement(CellUpdate update, ReadOnlyContext context, Collector<Outgoing> out) throws Exception {
        long now = context.timerService().currentWatermark();
        CellWindow window = windows.get(update.windowStart());
        Optional<References.InForce> monitor =
                references.monitor(update.monitor(), context.getBroadcastState(REFERENCES)::get);
        if (window == null) {
            if (monitor.isPresent() && Windowing.keepUntil(monitor.get().monitor(), update.windowStart()) <= now) {
                // Its state is gone: another beginning would take the published row's place.
                tooLate.inc();
                return;
            }
            window = CellWindow.endingAt(update.windowEnd());
            if (monitor.isPresent()) {
                context.timerService()
                        .registerEventTimeTimer(
                                Windowing.keepUntil(monitor.get().monitor(), update.windowStart()));
            }
        }
        if (isOutcome(update)) {
            outcomes.add(update);
        } else {
            window.add(update);
        }
        windows.put(update.windowStart(), window);
        long next = monitor.isPresent() && update.cell().needsLabels()
                ? Windowing.nextRevision(monitor.get().monitor(), window.end, Math.max(now + 1, update.at()) - 1)
                : Math.max(window.end, now + 1);
        context.timerService().registerEventTimeTimer(next);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Outgoing> out) throws Exception {
        Cell cell = Cell.of(context.getCurrentKey());
        ReadOnlyBroadcastState<String, byte[]> bytes = context.getBroadcastState(REFERENCES);
        Optional<References.InForce> monitor = references.monitor(cell.monitor(), bytes::get);
        fold(context.timerService().currentWatermark());
        Optional<References.Reference> reference = references.profile(cell.model(), cell.version(), bytes::get);
        if (monitor.isEmpty() || reference.isPresent() && isTakenOut(cell, reference.get())) {
            // Nobody asks any more, or may be told.
            windows.clear();
            outcomes.clear();
            rules.clear();
            return;
        }
        Closing closing = new Closing(cell, monitor.get(), reference, context, out);
        TreeMap<Long, CellWindow> open = new TreeMap<>();
        for (Map.Entry<Long, CellWindow> each : windows.entries()) {
            open.put(each.getKey(), each.getValue());
        }
        for (Map.Entry<Long, CellWindow> each : open.entrySet()) {
            closing.close(each.getKey(), each.getValue());
        }
        if (windows.isEmpty()) {
            rules.clear();
        }
    }

    /** A profile has the segments of its version from the beginning; one that it lacks has been erased from it. */
    private static boolean isTakenOut(Cell cell, References.Reference reference) {
        return reference.profile().segments().stream().noneMatch(segment -> segment.has(cell.segment()))
                && !cell.segment().equals(Cell.ALL);
    }

    private static boolean isOutcome(CellUpdate update) {
        return switch (update.kind()) {
            case LABELLED, UNLABELLED, UNASSIGNED -> true;
            case COUNTS, HEALTH, ASKED -> false;
        };
    }

    /**
     * Labels are folded when a row is due: a histogram of scores is too large to be touched with each. Those of a later
     * moment, from a subtask that is ahead of the others, wait for it: a row holds the same labels in every run.
     */
    private void fold(long now) throws Exception {
        List<CellUpdate> later = new ArrayList<>();
        for (CellUpdate update : outcomes.get()) {
            CellWindow window = windows.get(update.windowStart());
            if (update.at() > now) {
                later.add(update);
            } else if (window == null) {
                tooLate.inc();
            } else {
                window.add(update);
                windows.put(update.windowStart(), window);
            }
        }
        outcomes.update(later);
    }

    /** One timer of one cell. */
    private final class Closing {
        private final Cell cell;
        private final Monitor monitor;
        private final String monitorHash;
        private final Optional<References.Reference> reference;
        private final OnTimerContext context;
        private final Collector<Outgoing> out;
        private final long now;
        /** Rules judge windows in their order: one that waits for labels keeps later ones waiting. */
        private boolean allJudged = true;

        Closing(
                Cell cell,
                References.InForce monitor,
                Optional<References.Reference> reference,
                OnTimerContext context,
                Collector<Outgoing> out) {
            this.cell = cell;
            this.monitor = monitor.monitor();
            this.monitorHash = monitor.hash();
            this.reference = reference;
            this.context = context;
            this.out = out;
            this.now = context.timerService().currentWatermark();
        }

        void close(long start, CellWindow window) throws Exception {
            boolean over = !cell.needsLabels() || now >= Windowing.deadline(monitor, window.end);
            boolean judges =
                    allJudged && (over || window.coverage() >= monitor.labels().coverage());
            // A window that waits for an earlier one's judgement has a revision to come, however well it is labelled.
            boolean settles = (over || window.coverage() >= 1) && (judges || window.judged);
            boolean due = window.published == 0
                    || window.changed && renews(window)
                    || settles && !window.settled
                    || judges && !window.judged;
            if (window.end <= now && due) {
                publish(start, window, settles, judges);
            }
            allJudged &= window.judged;
            if (Windowing.keepUntil(monitor, start) <= now) {
                windows.remove(start);
            } else {
                windows.put(start, window);
                if (window.end <= now && !window.settled) {
                    context.timerService().registerEventTimeTimer(Windowing.deadline(monitor, window.end));
                }
            }
        }

        private boolean renews(CellWindow window) {
            return !cell.needsLabels() || Windowing.nextRevision(monitor, window.end, window.publishedAt) <= now;
        }

        private void publish(long start, CellWindow window, boolean settles, boolean judges) throws Exception {
            int revision = window.published;
            Figures figures = Figures.of(cell, window, reference.map(References.Reference::profile));
            List<Alert> judged = new ArrayList<>();
            Map<Measure, Judge.Said> said = new Judge(cell, rulings(), memory(), now, judged::add)
                    .judge(start, window, figures, judges, revision);
            window.published++;
            window.publishedAt = now;
            window.changed = false;
            window.settled = settles;
            MetricRow row = row(start, window, figures, said, revision);
            out.collect(Outgoing.record(Outgoing.Kind.METRIC, window.end, cell.key(), revision, rows.encode(row)));
            for (Alert alert : judged) {
                out.collect(Outgoing.record(
                        Outgoing.Kind.ALERT, window.end, alert.getId(), revision, alerts.encode(alert)));
            }
        }

        private List<Ruling> rulings() {
            return rulings.computeIfAbsent(cell, none -> {
                Optional<Profile> profile = reference.map(References.Reference::profile);
                return monitor.rules().stream()
                        .filter(rule -> Ruling.concerns(rule, cell))
                        .map(rule -> Ruling.of(monitor, rule, cell, profile))
                        .toList();
            });
        }

        private Judge.Memory memory() {
            return new Judge.Memory() {
                @Override
                public RuleState get(String rule) throws Exception {
                    RuleState state = rules.get(rule);
                    return state == null ? RuleState.NONE : state;
                }

                @Override
                public void put(String rule, RuleState state) throws Exception {
                    rules.put(rule, state);
                }
            };
        }

        private MetricRow row(
                long start, CellWindow window, Figures figures, Map<Measure, Judge.Said> said, int revision) {
            List<dev.tidewheel.records.Measure> measures = new ArrayList<>();
            figures.measures().forEach((measure, value) -> {
                Judge.@Nullable Said verdict = said.get(measure);
                measures.add(dev.tidewheel.records.Measure.newBuilder()
                        .setName(measure.key())
                        .setValue(Figures.orNull(value))
                        .setThreshold(verdict == null ? null : Figures.orNull(verdict.threshold()))
                        .setVerdict(verdict == null ? Verdict.NOT_JUDGED : verdict.verdict())
                        .build());
            });
            return MetricRow.newBuilder()
                    .setMonitor(cell.monitor())
                    .setMonitorHash(monitorHash)
                    .setModel(cell.model())
                    .setModelVersion(cell.version())
                    .setFeature(cell.feature())
                    .setSegment(cell.segment())
                    .setWindowStart(start)
                    .setWindowEnd(window.end)
                    .setRevision(revision)
                    .setSettled(window.settled)
                    .setReference(reference
                            .map(known -> new Reference(ReferenceKind.TRAINING_PROFILE, known.id()))
                            .orElse(null))
                    .setCounts(figures.counts())
                    .setHistogram(figures.histogram())
                    .setSketch(null)
                    .setMeasures(measures)
                    .setLabelled(figures.labelled())
                    .setUnassigned(window.unassigned)
                    .setComputedAt(now)
                    .build();
        }
    }
}
