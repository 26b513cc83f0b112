package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.KeyedChange;
import dev.tidewheel.jobs.route.OffsetMarker;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.RoutedChange;
import dev.tidewheel.runtime.erase.ErasedKeys;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keyed stage of one entity in one subtask, without the engine that runs it: applies changes to the states of all its
 * views and keeps the online store at their newest flush. {@link TileOperator} gives it Flink's state and threads; the
 * model check gives it maps and drives it, step by step, through everything that can go wrong.
 *
 * <p>Between flushes the stage holds the {@linkplain ChangedKey keys that changed}. A marker asks for a flush; so does a
 * full set of changed keys, and so does a checkpoint, which waits until the store and Kafka have confirmed everything. A checkpoint is
 * therefore an exact cut that the store has reached, and a restored subtask can name its cut at once.
 *
 * <p>After a restore, if the store is another than at the checkpoint, all keys are written again before anything else.
 * Nothing is written twice that matters: the store refuses versions smaller than what it has. Only when all are written
 * is the cut acknowledged.
 *
 * <p>A view that the checkpoint does not know is refused: its states would be empty while their cut claims all history.
 *
 * <p>Idle keys stay in state and store.
 *
 * <p>Belongs to the subtask's thread.
 */
final class KeyedStage {

    /** The encoded states of keys. */
    interface States {
        /** Makes a key the current one. */
        void select(String key) throws Exception;

        /** Decodes what is known of a key, which is the current one. */
        KeyEntry load(String key) throws Exception;

        /** Keeps one view's encoded state of the current key. */
        void save(int view, KeyEntry.Encoded encoded) throws Exception;

        /** Drops all that is known of the current key. */
        void clear() throws Exception;

        /** Visits all keys, each as the current one, once if the visitor saves it or changes nothing. */
        void forEachKey(KeyVisitor visitor) throws Exception;

        /**
         * Frees the states of a view.
         *
         * @return how many keys there were
         */
        long forget(String stateName) throws Exception;
    }

    /** Takes keys one after the other; each is the current key during the call. */
    interface KeyVisitor {
        void visit(String key) throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(KeyedStage.class);

    private final StageSpec stage;
    private final List<StageView> views;
    private final int subtask;
    private final States states;
    private final SeenIds seen;
    private final StoreGuard guard;
    private final FlushPipeline pipeline;
    private final StageMetrics metrics;
    private final Consumer<Refusal> refusals;
    private final Steps steps;

    private final Cut cut = new Cut();
    private final ChangedKeys changed;
    private boolean flushWanted;
    private long flushes;
    private long attempt;
    private long watermark = Long.MIN_VALUE;

    /**
     * @param subtask the subtask's index
     * @param states of this subtask's keys
     * @param seen remembers ids by the same current key as {@code states}
     * @param refusals takes what is refused
     * @param steps is told where the stage is
     */
    KeyedStage(
            StageSpec stage,
            List<StageView> views,
            int subtask,
            States states,
            SeenIds seen,
            StoreGuard guard,
            FlushPipeline pipeline,
            StageMetrics metrics,
            Consumer<Refusal> refusals,
            Steps steps) {
        this.stage = stage;
        this.views = List.copyOf(views);
        this.subtask = subtask;
        this.states = states;
        this.seen = seen;
        this.guard = guard;
        this.pipeline = pipeline;
        this.metrics = metrics;
        this.refusals = refusals;
        this.steps = steps;
        this.changed = new ChangedKeys(states, this.views.size(), stage.limits());
    }

    /**
     * Restores the cut, drops what is known of erased entities, refills a store that may have lost values, and says so.
     *
     * @param proposedAttempt this attempt's number, if the checkpoint does not know a greater one
     * @param from what the checkpoint says; null without one
     * @param removed views that some subtask's checkpoint names and that the stage does not have any more
     * @param erased whether the checkpoint was made by a stage that had dropped the same entities
     */
    void begin(long proposedAttempt, @Nullable StageProgress from, Set<String> removed, boolean erased)
            throws Exception {
        attempt = proposedAttempt;
        if (from != null) {
            requireCovered(from);
            attempt = Math.max(attempt, from.attempt() + 1);
            watermark = from.watermark();
            cut.restore(from.cut());
            for (String view : removed) {
                LOG.info(
                        "stage {}: {} is not computed any more, {} keys freed",
                        stage.name(),
                        view,
                        states.forget(view));
            }
            if (!erased) {
                erase();
            }
            if (!from.storeIdentity().equals(guard.identity())) {
                LOG.warn("stage {}: the store is another than at the checkpoint, writing all keys", stage.name());
                steps.reached(Step.BEFORE_REFILL);
                refill();
            }
        }
        pipeline.start(new Flush(nextFlush(), cut.snapshot(), List.of(), true, 0));
        pipeline.awaitConfirmed();
        steps.reached(Step.AFTER_START);
    }

    /**
     * Nothing more comes for their keys, and the store is none of the stage's business here: whoever erases deletes what it
     * has, once the frontiers say that nobody writes it again.
     */
    private void erase() throws Exception {
        ErasedKeys erased = stage.erased().keys(views.get(0).plan().spec().entity());
        if (erased.isEmpty()) {
            return;
        }
        Set<String> keys = new HashSet<>();
        states.forEachKey(key -> {
            if (erased.cover(key)) {
                keys.add(key);
            }
        });
        for (String key : keys) {
            states.select(key);
            states.clear();
        }
        seen.forget(keys);
        LOG.info("stage {}: {} keys of erased entities dropped", stage.name(), keys.size());
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
            changed.add(key);
            if (changed.size() >= stage.limits().sentStates() || changed.isFull()) {
                refillBatch();
            }
        });
        refillBatch();
    }

    private void refillBatch() throws Exception {
        metrics.refilled(changed.size());
        pipeline.start(flush(false));
        pipeline.awaitIdle();
        steps.reached(Step.DURING_REFILL);
    }

    /**
     * Takes a change or a marker; its key is the current one.
     *
     * @param now of the wall, epoch milliseconds; for metrics
     */
    void take(Routed routed, long now) throws Exception {
        OffsetMarker marker = routed.marker();
        RoutedChange change = routed.change();
        if (marker != null) {
            cut.contains(marker);
            flushWanted = true;
            flushIfIdle();
        } else if (change != null) {
            metrics.changed(change.timestamp() - now);
            apply(routed.key(), change);
            KeyedChange also = routed.also();
            if (also != null) {
                states.select(also.key());
                apply(also.key(), also.change());
            }
            cut.contains(change.partition(), change.offset());
            changed.endRoundIfFull();
            if (changed.isFull()) {
                // The flush under way must end first: this is where the stream feels a slow store.
                pipeline.awaitIdle();
                startFlush();
            }
        }
    }

    private void apply(String key, RoutedChange routed) throws Exception {
        Change change = routed.change();
        // What is late is late to every view, whatever is remembered.
        boolean remembers = stage.declaresIds(routed.partition()) && !change.isLate(stage.horizonMillis());
        Sighting before = remembers ? seen.find(change) : null;
        if (remembers && before == null && seen.isFreed(change.eventTime(), watermark)) {
            metrics.stateFreed();
            refusals.accept(Refusals.stateFreed(stage, key, routed));
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
        return changed.change(key, entry -> route(entry, key, routed, before));
    }

    private List<String> route(KeyEntry entry, String key, RoutedChange routed, @Nullable Sighting before) {
        List<String> refusedBy = List.of();
        Change change = routed.change();
        for (int view = 0; view < views.size(); view++) {
            boolean duplicate = before != null && before.isCountedBy(views.get(view));
            Disposition disposition = entry.route(view, change, duplicate);
            metrics.routed(view, disposition);
            if (disposition == Disposition.LATE || disposition == Disposition.REJECTED) {
                refusals.accept(Refusals.of(disposition, stage, views.get(view), key, routed));
                if (!duplicate) {
                    refusedBy = refusedBy.isEmpty() ? new ArrayList<>() : refusedBy;
                    refusedBy.add(views.get(view).stateName());
                }
            }
        }
        return refusedBy;
    }

    /** Asks the store who it is, without waiting; the answer wakes the subtask. */
    void watchStore() {
        guard.ask();
    }

    /**
     * Goes on with what has been answered meanwhile.
     *
     * @throws StoreReplacedException if another store has answered
     * @throws FlushFailedException if a flush failed
     */
    void settle() throws Exception {
        guard.check();
        pipeline.settle();
        flushIfIdle();
    }

    private void flushIfIdle() throws Exception {
        if (flushWanted && pipeline.idle()) {
            startFlush();
        }
    }

    /** Writes all that has changed, and waits until the store and Kafka have confirmed everything. */
    void flushAndWait() throws Exception {
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

    /** Takes what has changed. */
    private Flush flush(boolean whole) throws Exception {
        steps.reached(Step.BEFORE_FLUSH);
        Collection<ChangedKey> keys = changed.take();
        FlushId id = nextFlush();
        List<Map<ViewKey, StoredState>> portions = new ArrayList<>();
        Map<ViewKey, StoredState> portion = Map.of();
        long bytes = 0;
        for (ChangedKey key : keys) {
            if (portions.isEmpty() || portion.size() >= stage.limits().sentStates()) {
                portion = new LinkedHashMap<>();
                portions.add(portion);
            }
            key.addTo(portion, views, id);
            bytes += key.newBytes();
        }
        return new Flush(id, cut.snapshot(), portions, whole, bytes);
    }

    private FlushId nextFlush() {
        flushes++;
        return new FlushId(attempt, subtask, flushes);
    }

    /** State may have been freed up to there. */
    void watermark(long knownTime) {
        watermark = Math.max(watermark, knownTime);
    }

    /** What a checkpoint remembers beside the keys, right after {@link #flushAndWait()}. */
    StageProgress progress() {
        if (!changed.isEmpty()) {
            throw new IllegalStateException("changes came between the barrier and the snapshot");
        }
        return StageProgress.of(cut.snapshot(), watermark, attempt, guard.identity(), stateNames());
    }
}
