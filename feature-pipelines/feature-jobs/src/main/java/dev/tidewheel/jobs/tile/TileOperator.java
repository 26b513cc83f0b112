package dev.tidewheel.jobs.tile;

import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.Routed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KeyedStage} as an operator: Flink's keyed state, timers, checkpoints and mailbox around the rules that are
 * there.
 */
@SuppressWarnings("serial") // Built by its factory where it runs; never serialised.
final class TileOperator extends AbstractStreamOperator<Refusal>
        implements OneInputStreamOperator<Routed, Refusal>, Triggerable<String, Long> {

    private final StageSpec stage;
    private final StageConnector connector;
    private final MailboxExecutor mailbox;

    private @Nullable StageProgress restored;
    private Set<String> restoredViews = Set.of();
    private ListState<StageProgress> progress;
    private ListState<ViewSize> rememberedSizes;
    private ListState<ViewFingerprint> fingerprints;
    private ListState<String> erasures;
    private List<StageView> views = List.of();
    private StateSizes sizes;
    private StageConnector.@Nullable Connection connection;
    private SeenIds seen;
    private KeyedStage keyed;

    @SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else.
    TileOperator(StreamOperatorParameters<Refusal> parameters, StageSpec stage, StageConnector connector) {
        super(parameters);
        this.stage = stage;
        this.connector = connector;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        progress = context.getOperatorStateStore()
                .getUnionListState(
                        new ListStateDescriptor<>("stage-progress", TypeInformation.of(StageProgress.class)));
        rememberedSizes = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("view-sizes", TypeInformation.of(ViewSize.class)));
        fingerprints = context.getOperatorStateStore()
                .getUnionListState(
                        new ListStateDescriptor<>("view-fingerprints", TypeInformation.of(ViewFingerprint.class)));
        erasures =
                context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("erasures", Types.STRING));
        restoredViews = new TreeSet<>();
        for (StageProgress each : progress.get()) {
            restored = restored == null ? each : restored.merge(each);
            restoredViews.addAll(List.of(each.views()));
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        views = List.copyOf(stage.views().get());
        requireSameDefinitions();
        StageMetrics metrics = new StageMetrics(getMetricGroup(), stage, views);
        KeyStates states = states(views);
        metrics.show(sizes);
        FlinkIds ids = new FlinkIds(
                getKeyedStateBackend(), getInternalTimerService("seen-ids", LongSerializer.INSTANCE, this));
        seen = new SeenIds(ids, stage.horizonMillis());
        StageConnector.Connection opened = StoreWait.until(stage.name(), connector::open);
        connection = opened;
        StoreGuard guard = StoreWait.until(stage.name(), () -> StoreGuard.watch(opened, this::wake, stage.deadline()));
        TaskInfo task = getRuntimeContext().getTaskInfo();
        FlushPipeline pipeline = new FlushPipeline(
                opened,
                new FrontierFactory(
                        stage,
                        views,
                        task,
                        RegistryPosition.of(getRuntimeContext().getGlobalJobParameters())),
                stage.deadline(),
                guard.identity(),
                this::wake,
                TileOperator::pause,
                metrics);
        keyed = new KeyedStage(
                stage,
                views,
                task.getIndexOfThisSubtask(),
                states,
                seen,
                guard,
                pipeline,
                metrics,
                refusal -> output.collect(new StreamRecord<>(refusal)),
                opened.steps());
        begin(views);
        long every = StoreGuard.INTERVAL.toMillis();
        var unused = getProcessingTimeService().scheduleWithFixedDelay(at -> keyed.watchStore(), every, every);
    }

    /**
     * Two definitions with one lineage have nothing in common but its number: one would read the other's states. A
     * savepoint of an earlier version does not tell, and is believed.
     */
    private void requireSameDefinitions() throws Exception {
        Map<String, ViewFingerprint> today = new HashMap<>();
        views.forEach(view -> today.put(view.stateName(), ViewFingerprint.of(view)));
        for (ViewFingerprint written : fingerprints.get()) {
            ViewFingerprint now = today.getOrDefault(written.view(), written);
            if (!now.equals(written)) {
                throw new IllegalStateException(String.format(
                        "stage %s: the states of %s were written by another definition of the view (fingerprint %08x, now"
                                + " %08x); start the job with the definition that the savepoint was made with, or apply"
                                + " the new one under a lineage of its own",
                        stage.name(), written.view(), written.fingerprint(), now.fingerprint()));
            }
        }
    }

    /** How much state there is. */
    StateSizes sizes() {
        return sizes;
    }

    /** With the sizes that the checkpoint remembers; one of an earlier version remembers none, they are counted once. */
    private KeyStates states(List<StageView> views) throws Exception {
        TaskInfo task = getRuntimeContext().getTaskInfo();
        int maxParallelism = task.getMaxNumberOfParallelSubtasks();
        sizes = new StateSizes(
                views,
                KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                        maxParallelism, task.getNumberOfParallelSubtasks(), task.getIndexOfThisSubtask()),
                maxParallelism);
        KeyStates states = new KeyStates(getKeyedStateBackend(), views, sizes);
        Iterable<ViewSize> remembered = rememberedSizes.get();
        if (restored != null && !remembered.iterator().hasNext()) {
            states.measure();
        } else {
            sizes.restore(remembered);
        }
        return states;
    }

    private void begin(List<StageView> views) throws Exception {
        views.forEach(view -> restoredViews.remove(view.stateName()));
        long now = getProcessingTimeService().getCurrentProcessingTime();
        keyed.begin((now << 20) | ThreadLocalRandom.current().nextInt(1 << 20), restored, restoredViews, hasErased());
    }

    /** Whether all subtasks of the checkpoint had dropped those whom this one leaves out. */
    private boolean hasErased() throws Exception {
        Set<String> lists = new HashSet<>();
        erasures.get().forEach(lists::add);
        return lists.equals(Set.of(stage.erased().version()));
    }

    private static CompletableFuture<Void> pause(long millis) {
        return CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
    }

    @Override
    public void processElement(StreamRecord<Routed> element) throws Exception {
        keyed.take(element.getValue(), getProcessingTimeService().getCurrentProcessingTime());
    }

    /** Called on any thread: has the stage go on, on the subtask's. */
    private void wake() {
        try {
            mailbox.execute(() -> keyed.settle(), "settle flush of stage %s", stage.name());
        } catch (RejectedExecutionException e) {
            LOG.debug("stage {}: an answer came after the end", stage.name());
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        reached(Step.BEFORE_BARRIER);
        keyed.flushAndWait();
        reached(Step.AFTER_BARRIER);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        reached(Step.BEFORE_SNAPSHOT);
        progress.update(List.of(keyed.progress()));
        rememberedSizes.update(sizes.snapshot());
        erasures.update(List.of(stage.erased().version()));
        fingerprints.update(views.stream().map(ViewFingerprint::of).toList());
        reached(Step.AFTER_SNAPSHOT);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        reached(Step.AFTER_CHECKPOINT);
    }

    private void reached(Step step) {
        Objects.requireNonNull(connection, "not open").steps().reached(step);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        keyed.watermark(mark.getTimestamp());
        super.processWatermark(mark);
    }

    @Override
    public void onEventTime(InternalTimer<String, Long> timer) throws Exception {
        seen.free(timer.getNamespace());
    }

    @Override
    public void onProcessingTime(InternalTimer<String, Long> timer) {
        throw new IllegalStateException("no such timer is registered");
    }

    @Override
    public void finish() throws Exception {
        keyed.flushAndWait();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (connection != null) {
            connection.close();
        }
        super.close();
    }
}
