package dev.tidewheel.jobs.tile;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.view.Version;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.tile.ModelMet.Event;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.jspecify.annotations.Nullable;

/**
 * One subtask of the keyed stage: the real {@link KeyedStage} with its real pipeline and guard, its input channels, and
 * its connection to the world. It can be in the middle of something, waiting, while the world goes on; then it is busy.
 */
final class ModelSubtask implements StageConnector.Connection, FeatureWriter {

    /** What comes through a channel: one of them is set. */
    record Item(
            @Nullable Routed routed,
            @Nullable Long watermark,
            @Nullable Long barrier) {}

    /** The process is gone: nothing of it goes on. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private final ModelRun run;
    private final StageSpec spec;
    private final ModelAttempt attempt;
    private final int index;
    private final ModelStates states = new ModelStates();
    private final SeenIds seen = new SeenIds(states, ModelLog.HORIZON);
    private final List<Deque<Item>> channels = new ArrayList<>();
    private final boolean[] blocked;
    private final long[] watermarks;
    private final Map<ViewKey, Long> emissions = new HashMap<>();
    private final @Nullable StageProgress restored;
    private final boolean droppedBefore;

    private @Nullable KeyedStage stage;
    private @Nullable StoreGuard guard;
    private boolean busy;
    private boolean dead;
    private int mails;
    private @Nullable FlushId lastFlush;
    private @Nullable Set<ViewKey> lastKeys;

    ModelSubtask(ModelRun run, ModelAttempt attempt, int index, int channels, ModelAttempt.@Nullable Checkpoint from) {
        this.run = run;
        // Events declare their ids; a record that tells of a row is its own.
        this.spec = spec(!run.log().tellsOfRows(), run.limits(), ModelErasures.of(attempt.erased()));
        this.attempt = attempt;
        this.index = index;
        this.blocked = new boolean[channels];
        this.watermarks = new long[channels];
        for (int c = 0; c < channels; c++) {
            this.channels.add(new ArrayDeque<>());
            watermarks[c] = Long.MIN_VALUE;
        }
        StageProgress merged = null;
        if (from != null) {
            for (ModelAttempt.Snapshot snapshot : from.snapshots()) {
                merged = merged == null ? snapshot.progress() : merged.merge(snapshot.progress());
                states.add(snapshot.states(), key -> attempt.owner(key) == index);
            }
        }
        restored = merged;
        droppedBefore = from != null && droppedBefore(from, attempt.erased());
    }

    /** As the operator finds it in its state. */
    private boolean droppedBefore(ModelAttempt.Checkpoint from, Set<String> erased) {
        return switch (run.mistake()) {
            case KEEPS_WHAT_IS_ERASED -> true;
            case TRUSTS_ANY_LIST ->
                from.snapshots().stream()
                        .noneMatch(snapshot -> snapshot.erased().isEmpty());
            default ->
                from.snapshots().stream().allMatch(snapshot -> snapshot.erased().equals(erased));
        };
    }

    private static StageSpec spec(boolean declaresIds, FlushLimits limits, ErasedEntities erased) {
        return new StageSpec(
                "model",
                "key",
                Channels.of("model"),
                List.of(declaresIds),
                ModelLog.HORIZON,
                () -> ModelLog.VIEWS,
                limits,
                Duration.ofSeconds(60),
                erased,
                Map.of());
    }

    boolean isFree() {
        return !busy && !dead;
    }

    boolean isDead() {
        return dead;
    }

    void kill() {
        dead = true;
    }

    void requireAlive() {
        if (dead) {
            throw new Killed();
        }
    }

    int index() {
        return index;
    }

    ModelAttempt attempt() {
        return attempt;
    }

    /** The store that this subtask has begun with; null before it has. */
    @Nullable
    String store() {
        return guard == null ? null : guard.identity();
    }

    void send(int channel, Item item) {
        channels.get(channel).add(item);
    }

    /** Nothing left to do, unless somebody sends something. */
    boolean isQuiet() {
        return stage != null && !busy && mails == 0 && channels.stream().allMatch(Deque::isEmpty);
    }

    /** Does one thing, whichever there is. */
    void step(int dice) {
        if (stage == null) {
            work("opens", this::open);
        } else if (mails > 0 && dice % 3 == 0) {
            mails--;
            work("settles", () -> stage.settle());
        } else {
            takeFrom(dice);
        }
    }

    private void takeFrom(int dice) {
        for (int i = 0; i < channels.size(); i++) {
            int channel = (dice + i) % channels.size();
            if (!blocked[channel] && !channels.get(channel).isEmpty()) {
                take(channel, channels.get(channel).remove());
                return;
            }
        }
        if (mails > 0) {
            mails--;
            work("settles", () -> stage.settle());
        }
    }

    private void take(int channel, Item item) {
        Routed routed = item.routed();
        if (routed != null) {
            states.select(routed.key());
            work(routed.change() == null ? "takes a marker" : "takes a change", () -> stage.take(routed, 0));
        } else if (item.watermark() != null) {
            watermarks[channel] = item.watermark();
            work("takes a watermark", this::advance);
        } else if (item.barrier() != null) {
            blocked[channel] = true;
            align(item.barrier());
        }
    }

    private void advance() throws Exception {
        long least = Long.MAX_VALUE;
        for (long watermark : watermarks) {
            least = Math.min(least, watermark);
        }
        stage.watermark(least);
        if (states.advance(least, seen)) {
            run.met(Event.IDS_FREED);
        }
    }

    private void align(long checkpoint) {
        for (boolean each : blocked) {
            if (!each) {
                return;
            }
        }
        Arrays.fill(blocked, false);
        work("takes checkpoint " + checkpoint, () -> {
            stage.flushAndWait();
            attempt.confirmed(
                    checkpoint, index, new ModelAttempt.Snapshot(stage.progress(), states.copy(), attempt.erased()));
        });
    }

    /** Whether anything is known of a key. */
    boolean knows(String key) {
        return states.has(key);
    }

    void askWhichStore() {
        if (stage != null && !busy) {
            work("asks which store it is", () -> stage.watchStore());
        }
    }

    private void open() throws Exception {
        guard = StoreGuard.watch(this, this::wake, spec.deadline());
        if (restored != null && !restored.storeIdentity().equals(guard.identity())) {
            run.met(Event.STORE_REFILLED);
        }
        var task = new TaskInfoImpl("model", ModelAttempt.KEY_GROUPS, index, attempt.parallelism(), 0);
        StageMetrics metrics = new StageMetrics(new UnregisteredMetricsGroup(), spec, ModelLog.VIEWS);
        FlushPipeline pipeline = new FlushPipeline(
                this,
                new FrontierFactory(spec, ModelLog.VIEWS, task, RegistryPosition.UNKNOWN),
                spec.deadline(),
                guard.identity(),
                this::wake,
                millis -> run.network().pause(this),
                metrics);
        KeyedStage opening = new KeyedStage(
                spec, ModelLog.VIEWS, index, states, seen, guard, pipeline, metrics, this::refuse, Steps.NONE);
        if (attempt.erased().stream().anyMatch(states::has)) {
            run.met(Event.ERASED_KEY_DROPPED);
        }
        opening.begin(attempt.number(), restored, Set.of(), droppedBefore);
        stage = opening;
    }

    private void refuse(Refusal refusal) {
        ModelViolation.unless(
                refusal.reason() != DeadLetterReason.STATE_FREED, "what may still come was freed: %s", refusal);
    }

    private void wake() {
        mails++;
    }

    /** A failure ends the whole attempt, as Flink restarts a job. */
    private void work(String what, Work work) {
        run.trace("%s %s", this, what);
        busy = true;
        try {
            work.run();
        } catch (Killed killed) {
            run.trace("%s is gone", this);
        } catch (StoreReplacedException replaced) {
            run.met(Event.STORE_FOUND_REPLACED);
            fail(replaced);
        } catch (FlushFailedException | StoreUnavailableException failure) {
            fail(failure);
        } catch (Exception unforeseen) {
            throw new AssertionError(this + " failed as it never may: " + unforeseen, unforeseen);
        } finally {
            busy = false;
        }
    }

    private void fail(RuntimeException failure) {
        run.trace("%s fails: %s", this, failure.getMessage());
        dead = true;
        run.failed(attempt);
    }

    @Override
    public FeatureWriter writer() {
        return this;
    }

    @Override
    public CompletionStage<String> storeIdentity() {
        return run.network().identity(this);
    }

    @Override
    public CompletionStage<Void> publish(Frontier frontier) {
        boolean late = run.mistake() == ModelMistake.ANNOUNCES_LATE && frontier.getPhase() == FrontierPhase.ANNOUNCED;
        return run.network().publish(this, frontier, late);
    }

    @Override
    public CompletionStage<Outcome> write(Map<ViewKey, StoredState> batch) {
        FlushId flush = batch.values().iterator().next().flush();
        if (flush.equals(lastFlush) && !batch.keySet().equals(lastKeys)) {
            run.met(Event.FLUSH_IN_PORTIONS);
        }
        lastFlush = flush;
        lastKeys = batch.keySet();
        boolean early = run.mistake() == ModelMistake.ACKNOWLEDGES_BEFORE_WRITING;
        return run.network()
                .write(this, run.mistake() == ModelMistake.COUNTS_EMISSIONS ? counted(batch) : batch, early);
    }

    private Map<ViewKey, StoredState> counted(Map<ViewKey, StoredState> batch) {
        Map<ViewKey, StoredState> counted = new LinkedHashMap<>();
        batch.forEach((key, state) -> counted.put(
                key,
                new StoredState(
                        new Version(0, emissions.merge(key, 1L, Long::sum)),
                        state.flush(),
                        state.base(),
                        state.head())));
        return counted;
    }

    @Override
    public CompletionStage<Outcome> delete(Map<ViewKey, StoredState> batch) {
        throw new UnsupportedOperationException("the stage deletes nothing");
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return attempt + "." + index;
    }
}
