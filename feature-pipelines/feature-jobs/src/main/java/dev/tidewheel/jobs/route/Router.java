package dev.tidewheel.jobs.route;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.records.DeadLetterReason;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends changes to the keys of one entity, and markers to all subtasks of its keyed stage: the flush interval after the
 * first record that no marker has covered yet ({@linkplain Pace later} if the job is behind), before every checkpoint
 * barrier, and at the end of the input. A marker before the barrier makes a checkpoint an exact cut: the receivers know
 * every offset that the source will not read again.
 *
 * <p>One per entity, in the source's chain, so that a record that was read is a record that was routed. Refused records
 * are routed nowhere and still move the offsets.
 *
 * <p>A stage that begins hears of the imports first, of which nothing has been read yet: so whoever looks how far it has come
 * knows that they are to come, from its first flush on.
 *
 * <p>A stage that the savepoint does not know is refused here: the source goes on behind its history, and the keyed stage,
 * having no state at all, cannot tell that from a first start.
 */
public final class Router extends AbstractStreamOperator<Routed>
        implements OneInputStreamOperator<SourceRecord, Routed> {
    private static final long serialVersionUID = 1L;

    /** Records without a complete key. */
    public static final OutputTag<Refusal> REFUSALS = new OutputTag<>("refusals", TypeInformation.of(Refusal.class));

    private final String stage;
    private final List<String> entity;
    private final SerializableSupplier<RowSchema> columns;
    private final long intervalMillis;
    private final long behindMillis;
    private final Injection injection;
    private final double injectedShare;
    private final int[] imports;

    private transient @Nullable EntityColumns keys;
    private transient String[] markerKeys = new String[0];
    private transient TreeMap<Integer, Long> nextOffsets = new TreeMap<>();
    private transient @Nullable Pace pace;
    private transient boolean dirty;
    private transient boolean ticking;
    private transient boolean begins;
    private transient @Nullable ListState<String> stages;

    /**
     * @param stage the stage's name, for dead letters
     * @param entity the key columns
     * @param columns gives the source's columns where the job runs
     * @param interval how long a record may wait for its marker while the job is up to date
     * @param behindInterval how long it may wait at most if the job is behind
     * @param inject errors made on purpose
     * @param imports channels of the imports that the source reads if it begins
     */
    public Router(
            String stage,
            List<String> entity,
            SerializableSupplier<RowSchema> columns,
            Duration interval,
            Duration behindInterval,
            Inject inject,
            Collection<Integer> imports) {
        this.stage = stage;
        this.entity = List.copyOf(entity);
        this.columns = columns;
        this.intervalMillis = interval.toMillis();
        this.behindMillis = behindInterval.toMillis();
        this.injection = new Injection(inject);
        this.injectedShare = inject.drop() + inject.duplicate();
        this.imports = imports.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        ListState<String> known =
                context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("stage", Types.STRING));
        if (context.isRestored() && !known.get().iterator().hasNext()) {
            throw new IllegalStateException("stage " + stage + ": the savepoint has no history of it, its offsets are"
                    + " past it; start the job without a savepoint, so that it reads the source from the beginning, or"
                    + " remove the stage's views");
        }
        stages = known;
        begins = !context.isRestored();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        Objects.requireNonNull(stages, "not initialised").update(List.of(stage));
    }

    @Override
    public void open() throws Exception {
        super.open();
        TaskInfo task = getRuntimeContext().getTaskInfo();
        // The keyed stage has this operator's parallelism.
        markerKeys = MarkerKeys.find(task.getMaxNumberOfParallelSubtasks(), task.getNumberOfParallelSubtasks());
        keys = new EntityColumns(columns.get(), entity);
        nextOffsets = new TreeMap<>();
        pace = new Pace(intervalMillis, behindMillis, getProcessingTimeService().getCurrentProcessingTime());
        getMetricGroup().addGroup("tidewheel").addGroup("route", stage).gauge("injectedShare", () -> injectedShare);
        if (begins && imports.length > 0) {
            send(new OffsetMarker(imports, new long[imports.length]));
        }
    }

    @Override
    public void processElement(StreamRecord<SourceRecord> element) {
        SourceRecord record = element.getValue();
        nextOffsets.put(record.partition(), record.offset() + 1);
        Pace open = Objects.requireNonNull(pace, "not open");
        if (record.accepted()) {
            send(keyed(record, record.taken()), record.adds() ? keyed(record, record.change()) : null);
        }
        if (!dirty) {
            dirty = true;
            long now = getProcessingTimeService().getCurrentProcessingTime();
            open.begin(now);
            tickAfter(now);
        }
        open.read(record.timestamp());
    }

    private void tickAfter(long now) {
        if (!ticking) {
            ticking = true;
            var unused = getProcessingTimeService().registerTimer(now + intervalMillis, at -> tick());
        }
    }

    private void tick() {
        ticking = false;
        if (dirty) {
            long now = getProcessingTimeService().getCurrentProcessingTime();
            if (Objects.requireNonNull(pace, "not open").isDue(now, waitedMillis())) {
                mark();
            } else {
                tickAfter(now);
            }
        }
    }

    /** For how long this task has waited for input since its start; waiting for its receivers does not count. */
    private long waitedMillis() {
        return getContainingTask()
                .getEnvironment()
                .getMetricGroup()
                .getIOMetricGroup()
                .getIdleTimeMsPerSecond()
                .getAccumulatedCount();
    }

    /** The change with its key; null if there is no change, or its key is not complete. */
    private @Nullable KeyedChange keyed(SourceRecord record, @Nullable Change change) {
        if (change == null) {
            return null;
        }
        EntityColumns open = Objects.requireNonNull(keys, "not open");
        String missing = open.missing(change.row());
        if (missing != null) {
            output.collect(REFUSALS, new StreamRecord<>(refusal(record, change, missing)));
            return null;
        }
        return new KeyedChange(open.key(change.row()), routed(record, change));
    }

    /** Together if they go to the same subtask, see {@link Routed}. */
    private void send(@Nullable KeyedChange taken, @Nullable KeyedChange added) {
        if (taken != null && added != null && !injection.isActive() && subtask(taken) == subtask(added)) {
            output.collect(new StreamRecord<>(Routed.of(taken, added)));
            return;
        }
        if (taken != null) {
            send(taken);
        }
        if (added != null) {
            send(added);
        }
    }

    private int subtask(KeyedChange change) {
        TaskInfo task = getRuntimeContext().getTaskInfo();
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                change.key(), task.getMaxNumberOfParallelSubtasks(), task.getNumberOfParallelSubtasks());
    }

    private void send(KeyedChange keyed) {
        RoutedChange change = keyed.change();
        if (!injection.drops(change.id())) {
            output.collect(new StreamRecord<>(Routed.of(keyed.key(), change)));
        }
        if (injection.duplicates(change.id())) {
            output.collect(new StreamRecord<>(Routed.of(keyed.key(), change.withIdSuffix("#injected"))));
        }
    }

    private static RoutedChange routed(SourceRecord record, Change change) {
        return new RoutedChange(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.idText(),
                record.idHigh(),
                record.idLow(),
                change.eventTime(),
                change.knownTime(),
                change.row().words(),
                change.row().strings(),
                change.row().nulls(),
                change.retraction());
    }

    private Refusal refusal(SourceRecord record, Change change, String missing) {
        return new Refusal(
                record.partition(),
                record.offset(),
                record.timestamp(),
                "route/" + stage + (change.retraction() ? Refusal.BEFORE : ""),
                null,
                DeadLetterReason.NO_KEY,
                "key column '" + missing + "' is null",
                null,
                change.eventTime(),
                change.knownTime(),
                null,
                null);
    }

    private void mark() {
        if (!dirty) {
            return;
        }
        dirty = false;
        send(new OffsetMarker(
                nextOffsets.keySet().stream().mapToInt(Integer::intValue).toArray(),
                nextOffsets.values().stream().mapToLong(Long::longValue).toArray()));
    }

    private void send(OffsetMarker marker) {
        for (String key : markerKeys) {
            output.collect(new StreamRecord<>(Routed.of(key, marker)));
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        mark();
    }

    @Override
    public void finish() throws Exception {
        mark();
        super.finish();
    }
}
