package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.OffsetMarker;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.RoutedChange;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
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
 * The keyed stage of one entity: applies changes to the states of all its views and keeps the online store at their
 * newest flush.
 *
 * <p>Between flushes the keys that changed are held decoded. A marker asks for a flush; so does a full set of changed
 * keys, and so does a checkpoint, which waits until the store and Kafka have confirmed everything. A checkpoint is
 * therefore an exact cut that the store has reached, and a restored subtask can name its cut at once.
 *
 * <p>After a restore, if the store is another than at the checkpoint, all keys are written again before anything else.
 * Nothing is written twice that matters: the store refuses versions smaller than what it has. Only when all are written
 * is the cut acknowledged.
 *
 * <p>A view that the checkpoint does not know is refused: its states would be empty while their cut claims all history.
 *
 * <p>Idle keys stay in state and store.
 */
@SuppressWarnings("serial") // Built by its factory where it runs; never serialised.
final class TileOperator extends AbstractStreamOperator<Refusal>
        implements OneInputStreamOperator<Routed, Refusal>, Triggerable<String, Long> {

    private final StageSpec stage;
    private final StageConnector connector;
    private final MailboxExecutor mailbox;

    private final Cut cut = new Cut();
    private Map<String, KeyEntry> changed = new HashMap<>();
    private boolean flushWanted;
    private long flushes;
    private long attempt;
    private long watermark = Long.MIN_VALUE;

    private List<StageView> views = List.of();
    private @Nullable StageProgress restored;
    private Set<String> removed = Set.of();
    private ListState<StageProgress> progress;
    private StageConnector.@Nullable Connection connection;
    private KeyStates states;
    private SeenIds seen;
    private StageMetrics metrics;
    private StoreGuard guard;
    private FlushPipeline pipeline;

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
        removed = new TreeSet<>();
        for (StageProgress each : progress.get()) {
            restored = restored == null ? each : restored.merge(each);
            removed.addAll(List.of(each.views()));
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        views = List.copyOf(stage.views().get());
        removed.removeAll(stateNames());
        metrics = new StageMetrics(getMetricGroup(), stage, views);
        states = new KeyStates(getKeyedStateBackend(), views);
        seen = new SeenIds(
                getKeyedStateBackend(),
                getInternalTimerService("seen-ids", LongSerializer.INSTANCE, this),
                stage.horizonMillis());
        StageConnector.Connection opened = StoreWait.until(stage.name(), connector::open);
        connection = opened;
        guard = StoreWait.until(stage.name(), () -> StoreGuard.watch(opened, this::wake, stage.deadline()));
        pipeline = new FlushPipeline(
                opened,
                new FrontierFactory(stage, views, getRuntimeContext().getTaskInfo()),
                stage.deadline(),
                guard.identity(),
                this::wake,
                metrics);
        begin();
        long every = StoreGuard.INTERVAL.toMillis();
        var unused = getProcessingTimeService().scheduleWithFixedDelay(at -> guard.ask(), every, every);
    }

    /** Restores the cut, refills a store that may have lost values, and says so. */
    private void begin() throws Exception {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        attempt = (now << 20) | ThreadLocalRandom.current().nextInt(1 << 20);
        StageProgress from = restored;
        if (from != null) {
            requireCovered(from);
            attempt = Math.max(attempt, from.attempt() + 1);
            watermark = from.watermark();
            cut.restore(from.cut());
            forgetRemoved();
            if (!from.storeIdentity().equals(guard.identity())) {
                LOG.warn("stage {}: the store is another than at the checkpoint, writing all keys", stage.name());
                refill();
            }
        }
        pipeline.start(new Flush(nextFlush(), cut.snapshot(), Map.of(), true, 0));
        pipeline.awaitConfirmed();
    }

    /** Frees the states of views that some subtask's checkpoint names and that the stage does not have any more. */
    private void forgetRemoved() throws Exception {
        for (String view : removed) {
            LOG.info("stage {}: {} is not computed any more, {} keys freed", stage.name(), view, states.forget(view));
        }
        removed = Set.of();
    }

    private void requireCovered(StageProgress from) {
        Set<String> missing = from.missing(stateNames());
        if (!missing.isEmpty()) {
            throw new IllegalStateException("stage " + stage.name() + ": the savepoint has no history of " + missing
                    + " (view@lineage), its offsets are past it; start the job without a savepoint, so that it reads the"
                    + " source from the beginning, or remove the view");
        }
    }

    private List<String> stateNames() {
        return views.stream().map(StageView::stateName).toList();
    }

    /** Writes all keys, one batch after the other: the store's confirmation of one is the throttle of the next. */
    private void refill() throws Exception {
        states.forEachKey(key -> {
            changed.put(key, states.load(key));
            if (changed.size() >= stage.maxKeys()) {
                refillBatch();
            }
        });
        refillBatch();
    }

    private void refillBatch() throws Exception {
        metrics.refilled(changed.size());
        pipeline.start(flush(false));
        pipeline.awaitIdle();
    }

    @Override
    public void processElement(StreamRecord<Routed> element) throws Exception {
        Routed routed = element.getValue();
        OffsetMarker marker = routed.marker();
        RoutedChange change = routed.change();
        if (marker != null) {
            cut.contains(marker);
            flushWanted = true;
            flushIfIdle();
        } else if (change != null) {
            apply(routed.key(), change);
            cut.contains(change.partition(), change.offset());
            if (changed.size() >= stage.maxKeys()) {
                // The flush under way must end first: this is where the stream feels a slow store.
                pipeline.awaitIdle();
                startFlush();
            }
        }
    }

    private void apply(String key, RoutedChange routed) throws Exception {
        Change change = routed.change();
        metrics.changed(routed.timestamp() - getProcessingTimeService().getCurrentProcessingTime());
        // What is late is late to every view, whatever is remembered.
        boolean remembers = stage.declaresIds() && !change.isLate(stage.horizonMillis());
        Sighting before = remembers ? seen.find(change) : null;
        if (remembers && before == null && seen.isFreed(change.eventTime(), watermark)) {
            metrics.stateFreed();
            output.collect(new StreamRecord<>(Refusals.stateFreed(stage, key, routed)));
            return;
        }
        if (before != null && before.visibleAt() != change.visibleAt()) {
            metrics.conflictingDuplicate();
        }
        List<String> refusedBy = route(key, routed, before);
        if (remembers && refusedBy.size() < views.size()) {
            seen.remember(change, before, refusedBy);
        }
    }

    /**
     * Routes a change to all views.
     *
     * @return the views that refused it and all with its id before
     */
    private List<String> route(String key, RoutedChange routed, @Nullable Sighting before) throws Exception {
        List<String> refusedBy = new ArrayList<>(0);
        Change change = routed.change();
        KeyEntry entry = changed.get(key);
        if (entry == null) {
            entry = states.load(key);
            changed.put(key, entry);
        }
        for (int view = 0; view < views.size(); view++) {
            boolean duplicate = before != null && before.isCountedBy(views.get(view));
            Disposition disposition = entry.route(view, change, duplicate);
            metrics.routed(view, disposition);
            if (disposition == Disposition.LATE || disposition == Disposition.REJECTED) {
                output.collect(new StreamRecord<>(Refusals.of(disposition, stage, views.get(view), key, routed)));
                if (!duplicate) {
                    refusedBy.add(views.get(view).stateName());
                }
            }
        }
        return refusedBy;
    }

    /** Called on any thread: has {@link #settle} called on the subtask's. */
    private void wake() {
        try {
            mailbox.execute(this::settle, "settle flush of stage %s", stage.name());
        } catch (RejectedExecutionException e) {
            LOG.debug("stage {}: an answer came after the end", stage.name());
        }
    }

    private void settle() throws Exception {
        guard.check();
        pipeline.settle();
        flushIfIdle();
    }

    private void flushIfIdle() throws Exception {
        if (flushWanted && pipeline.idle()) {
            startFlush();
        }
    }

    private void flushAndWait() throws Exception {
        pipeline.awaitIdle();
        if (flushWanted || !changed.isEmpty()) {
            startFlush();
        }
        pipeline.awaitConfirmed();
    }

    private void startFlush() throws Exception {
        flushWanted = false;
        pipeline.start(flush(true));
    }

    /** Encodes what has changed. */
    private Flush flush(boolean whole) throws Exception {
        Map<String, KeyEntry> entries = changed;
        changed = new HashMap<>();
        FlushId id = nextFlush();
        Map<ViewKey, StoredState> batch = new LinkedHashMap<>();
        long bytes = 0;
        for (KeyEntry entry : entries.values()) {
            setCurrentKey(entry.key());
            for (int view = 0; view < views.size(); view++) {
                KeyEntry.Encoded encoded = entry.encode(view);
                states.save(view, encoded);
                batch.put(entry.viewKey(view), entry.stored(view, id, encoded));
                bytes += encoded.newBytes();
            }
        }
        return new Flush(id, cut.snapshot(), batch, whole, bytes);
    }

    private FlushId nextFlush() {
        flushes++;
        return new FlushId(attempt, getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(), flushes);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        flushAndWait();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        if (!changed.isEmpty()) {
            throw new IllegalStateException("changes came between the barrier and the snapshot");
        }
        progress.update(List.of(StageProgress.of(cut.snapshot(), watermark, attempt, guard.identity(), stateNames())));
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        watermark = Math.max(watermark, mark.getTimestamp());
        super.processWatermark(mark);
    }

    @Override
    public void onEventTime(InternalTimer<String, Long> timer) throws Exception {
        seen.free(timer);
    }

    @Override
    public void onProcessingTime(InternalTimer<String, Long> timer) {
        throw new IllegalStateException("no such timer is registered");
    }

    @Override
    public void finish() throws Exception {
        flushAndWait();
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
