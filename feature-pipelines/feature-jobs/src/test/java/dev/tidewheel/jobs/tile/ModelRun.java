package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Version;
import dev.tidewheel.jobs.tile.ModelMet.Event;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The job, its store and its topic of frontiers, with everything that can go wrong, in one thread from one seed. The
 * writer is the real one: {@link KeyedStage}, {@link FlushPipeline}, {@link StoreGuard}, {@link SeenIds},
 * {@link StageProgress} and the mathematics below; what is modelled is the engine around it, the network and the store.
 *
 * <p>Two attempts at a time, one or two subtasks each, three partitions in any interleaving. Between any two steps, also
 * while a subtask waits for an answer: an attempt fails and the next starts from one of the last two checkpoints, with
 * another parallelism, while the old one dies or goes on writing; calls get lost, are doubled, done in part, and overtake
 * each other; the store falls back to a replica or comes back empty; a checkpoint is given up; a key is erased from the
 * store, or comes on the list of those that a job leaves out when it is built the next time.
 *
 * <p>Checked at every step:
 *
 * <ul>
 *   <li>no version of a key decreases as long as the store is the same;
 *   <li>a write that is not older than what is stored takes its place;
 *   <li>every stored value can be looked up (its flush was announced before) and is exactly the oracle's over the cut that
 *       was announced;
 *   <li>when a cut is acknowledged, no stored version is smaller than that of the cut, and what the same attempt stored
 *       contains it;
 *   <li>acknowledged cuts of an attempt never shrink;
 *   <li>what is erased stays so, and who leaves a key out never writes it.
 * </ul>
 *
 * <p>At rest the newest attempt has acknowledged the whole topic, every key of every view equals the oracle, and nothing is
 * known of keys that the job leaves out.
 */
final class ModelRun {
    private static final int MOST_ATTEMPTS = 4;
    private static final int MOST_DEPTH = 4;
    private static final int PATIENCE = 20_000;

    private final Random random;
    private final ModelMistake mistake;
    private final int limit;
    private final ModelLog log;
    private final FlushLimits limits;
    private final int pace;
    private final ModelStore store;
    private final ModelNetwork network;
    private final List<ModelAttempt.Checkpoint> checkpoints = new ArrayList<>();
    private final Map<FlushId, Map<Integer, Long>> announced = new HashMap<>();
    private final Map<String, Map<Integer, Long>> acknowledged = new HashMap<>();
    private final Map<ViewKey, Version> floor = new HashMap<>();
    private final Set<String> erased = new HashSet<>();
    /** Whom the registry lists. */
    private final Set<String> listed = new HashSet<>();

    private final ModelMet met;
    private final @Nullable List<String> trace;

    private ModelAttempt current;
    private @Nullable ModelAttempt zombie;
    private String floorOf;
    private int attempts = 1;
    private int steps;
    private int depth;
    private boolean resting;

    /**
     * @param limit so many steps until everything goes well, at most
     * @param met counts what happens
     * @param trace takes a line for everything that happens; null to save the time
     */
    ModelRun(long seed, ModelMistake mistake, int limit, ModelMet met, @Nullable List<String> trace) {
        this.random = new Random(seed);
        this.mistake = mistake;
        this.limit = limit;
        this.met = met;
        this.trace = trace;
        this.log = ModelLog.random(random);
        this.limits = limits(random);
        this.pace = 1 + random.nextInt(4);
        this.store = new ModelStore(mistake);
        this.network = new ModelNetwork(this, random);
        this.floorOf = store.identity();
        this.current = attempt(Set.of(), null);
    }

    /** From a flush for every change to none but at markers; rounds end between flushes, and with them. */
    private static FlushLimits limits(Random random) {
        return new FlushLimits(
                1 + random.nextInt(5),
                random.nextInt(4) == 0 ? 1 + random.nextInt(2_000) : Long.MAX_VALUE,
                1 + random.nextInt(8),
                1 + random.nextInt(6));
    }

    ModelLog log() {
        return log;
    }

    FlushLimits limits() {
        return limits;
    }

    ModelStore store() {
        return store;
    }

    ModelNetwork network() {
        return network;
    }

    ModelMistake mistake() {
        return mistake;
    }

    void met(Event event) {
        met.met(event);
    }

    void trace(String format, Object... arguments) {
        if (trace != null) {
            trace.add("  ".repeat(depth) + String.format(format, arguments));
        }
    }

    private ModelAttempt attempt(Set<String> leftOut, ModelAttempt.@Nullable Checkpoint from) {
        return new ModelAttempt(this, attempts, 1 + random.nextInt(2), 1 + random.nextInt(3), leftOut, from);
    }

    /** Runs to rest. */
    void run() {
        while (steps < limit) {
            step();
        }
        comeToRest();
        checkAtRest();
    }

    /** Somebody waits: the world goes on. */
    void waitAStep() {
        depth++;
        try {
            boolean calm = resting || depth > MOST_DEPTH || steps >= limit || random.nextInt(3) > 0;
            ModelViolation.unless(!calm || !network.isEmpty() || depth <= MOST_DEPTH, "an answer never comes");
            if (calm && !network.isEmpty()) {
                network.deliver(!resting);
            } else {
                step();
            }
        } finally {
            depth--;
        }
    }

    private void step() {
        steps++;
        ModelAttempt acting = zombie != null && random.nextInt(4) == 0 ? zombie : current;
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4 -> acting.read(random.nextInt(ModelLog.PARTITIONS));
            case 5, 6 -> {
                // A job that is behind marks less often.
                if (random.nextInt(pace) == 0) {
                    acting.mark(random.nextInt(acting.readers()));
                }
            }
            case 7, 8, 9, 10, 11, 12 -> work(acting);
            case 13, 14, 15, 16 -> network.deliver(true);
            case 17 -> acting.trigger();
            case 18 -> acting.emitWatermark(random.nextInt(acting.readers()));
            case 19 ->
                acting.subtasks().get(random.nextInt(acting.parallelism())).askWhichStore();
            case 20 -> harm(random.nextInt(12));
            case 21 -> hurtStore(random.nextInt(8));
            default -> work(acting);
        }
    }

    private void work(ModelAttempt acting) {
        ModelSubtask subtask = acting.subtasks().get(random.nextInt(acting.parallelism()));
        if (subtask.isFree()) {
            subtask.step(random.nextInt(6));
        }
    }

    private void harm(int dice) {
        switch (dice) {
            case 0, 1, 2 -> {
                if (attempts < MOST_ATTEMPTS) {
                    failed(current);
                }
            }
            case 3 -> {
                met(Event.CHECKPOINT_GIVEN_UP);
                current.abort();
            }
            case 4 -> {
                if (random.nextInt(3) == 0) {
                    erase(ModelLog.KEYS.get(random.nextInt(ModelLog.KEYS.size())));
                }
            }
            case 5, 6 -> {
                // Of what tells of rows nobody is erased.
                if (!log.tellsOfRows()) {
                    list(ModelLog.KEYS.get(random.nextInt(ModelLog.KEYS.size())));
                }
            }
            default -> current.trigger();
        }
    }

    private void hurtStore(int dice) {
        switch (dice) {
            case 0 -> {
                trace("a replica takes over");
                met(Event.STORE_FAILED_OVER);
                store.failOver();
                storeIsAnother();
            }
            case 1 -> {
                trace("the store comes back empty");
                met(Event.STORE_EMPTIED);
                store.lose();
                storeIsAnother();
            }
            case 2, 3, 4 -> store.replicate();
            default -> {
                // It goes on well.
            }
        }
    }

    /** Whoever has a key erased sees to it that it is also erased in the store's successor. */
    private void storeIsAnother() {
        floorOf = store.identity();
        floor.clear();
        Set.copyOf(erased).forEach(this::erase);
    }

    private void list(String key) {
        trace("%s comes on the list", key);
        listed.add(key);
    }

    private void erase(String key) {
        trace("%s is erased", key);
        erased.add(key);
        for (StageView view : ModelLog.VIEWS) {
            store.erase(new ViewKey(view.name(), view.lineage(), key));
        }
    }

    /** The job starts anew; what fails may be too far away to be stopped at once. */
    void failed(ModelAttempt attempt) {
        if (attempt != current) {
            return;
        }
        if (zombie != null) {
            zombie.kill();
        }
        zombie = null;
        if (resting || random.nextBoolean()) {
            attempt.kill();
        } else {
            attempt.abort();
            zombie = attempt;
        }
        attempts++;
        if (depth > 0) {
            met(Event.FAILURE_WHILE_A_SUBTASK_WAITS);
        }
        int back = checkpoints.isEmpty() ? -1 : Math.max(0, checkpoints.size() - 1 - (random.nextInt(4) == 0 ? 1 : 0));
        current = attempt(leftOutNext(), back < 0 ? null : checkpoints.get(back));
        trace("%s starts from checkpoint %d of %d", current, back + 1, checkpoints.size());
        if (back >= 0) {
            met(back == checkpoints.size() - 1 ? Event.RESTORE_OF_THE_LAST : Event.RESTORE_OF_ONE_BEFORE);
            if (attempt.parallelism() != current.parallelism()) {
                met(Event.RESTORE_WITH_OTHER_PARALLELISM);
            }
        }
    }

    /** A job that is submitted again leaves out whom the registry lists by then; one that restarts, those that it did. */
    private Set<String> leftOutNext() {
        if (listed.equals(current.erased()) || random.nextInt(3) == 0) {
            return current.erased();
        }
        met(Event.JOB_LEAVES_OUT_MORE);
        return Set.copyOf(listed);
    }

    void completed(ModelAttempt attempt, ModelAttempt.Checkpoint checkpoint) {
        if (attempt == current) {
            met(Event.CHECKPOINT_COMPLETE);
            trace("checkpoint %d is complete: %s", checkpoints.size() + 1, checkpoint.offsets());
            checkpoints.add(checkpoint);
        }
    }

    private void comeToRest() {
        resting = true;
        trace("nothing goes wrong any more");
        if (zombie != null) {
            zombie.kill();
            zombie = null;
        }
        for (int asked = 0, i = 0; asked < 2; i++) {
            ModelViolation.unless(i < PATIENCE, "it does not come to rest");
            if (!network.isEmpty()) {
                network.deliver(false);
            }
            settle();
            if (network.isEmpty() && current.hasReadAll() && isQuiet()) {
                asked++;
                current.subtasks().forEach(ModelSubtask::askWhichStore);
            }
        }
    }

    private void settle() {
        ModelAttempt acting = current;
        for (int p = 0; p < ModelLog.PARTITIONS; p++) {
            acting.read(p);
        }
        for (int r = 0; r < acting.readers(); r++) {
            acting.mark(r);
        }
        for (ModelSubtask subtask : acting.subtasks()) {
            if (acting == current && subtask.isFree()) {
                subtask.step(random.nextInt(6));
            }
        }
    }

    private boolean isQuiet() {
        return current.subtasks().stream().allMatch(ModelSubtask::isQuiet);
    }

    /** A batch reaches the store. */
    Outcome write(ModelSubtask sender, Map<ViewKey, StoredState> batch) {
        Outcome outcome = store.write(batch);
        trace("the store takes from %s: %s", sender, outcome);
        meet(sender, outcome);
        batch.forEach((key, state) -> {
            ModelViolation.unless(
                    !sender.attempt().erased().contains(key.entity()),
                    "%s was written by %s, which leaves it out",
                    key,
                    sender);
            checkVersion(key);
            checkWritten(key, state);
        });
        return outcome;
    }

    private void meet(ModelSubtask sender, Outcome outcome) {
        if (sender.isDead()) {
            met(Event.WRITE_OF_A_DEAD_ATTEMPT);
        } else if (sender.attempt() != current) {
            met(Event.ZOMBIE_WRITE);
        }
        if (outcome.superseded() > 0) {
            met(Event.WRITE_SUPERSEDED);
        }
    }

    private void checkWritten(ViewKey key, StoredState offered) {
        Version stored = store.version(key);
        ModelViolation.unless(
                stored != null && stored.compareTo(offered.version()) >= 0,
                "%s was written with %s and has %s",
                key,
                offered.version(),
                stored);
        StoredState now = store.read(key);
        if (now != null && stored.equals(offered.version())) {
            ModelViolation.unless(
                    now.flush().equals(offered.flush()),
                    "%s was written with its version %s and kept the flush %s",
                    key,
                    stored,
                    now.flush());
        }
        if (erased.contains(key.entity())) {
            met(Event.WRITE_OF_AN_ERASED_KEY);
            ModelViolation.unless(now == null, "%s was erased, and is there again", key);
        }
        if (offered.base().length > 0) {
            met(Event.BASE_WRITTEN);
        }
        if (now != null && now.flush().equals(offered.flush())) {
            checkIsOfItsCut(key, now);
        }
    }

    /** What parity does. */
    private void checkIsOfItsCut(ViewKey key, StoredState stored) {
        Map<Integer, Long> cut = announced.get(stored.flush());
        ModelViolation.unless(cut != null, "%s was written by %s, which was never announced", key, stored.flush());
        checkEquals(key, stored, log.changes(key.entity(), entry -> entry.isIn(cut)), "its cut " + cut);
    }

    private static StageView view(ViewKey key) {
        return ModelLog.VIEWS.get(key.lineage() == 1 ? 0 : 1);
    }

    private void checkEquals(ViewKey key, StoredState stored, List<Change> changes, String what) {
        StageView view = view(key);
        KeyState state;
        try {
            state = KeyState.decode(view.plan(), stored.base(), stored.head());
        } catch (IllegalArgumentException broken) {
            throw new AssertionError(key + ": " + broken.getMessage(), broken);
        }
        ModelViolation.unless(
                state.version().equals(ModelLog.version(changes)),
                "%s has version %s, by %s it is %s",
                key,
                state.version(),
                what,
                ModelLog.version(changes));
        NaiveOracle oracle = new NaiveOracle(view.plan(), changes);
        long t = Math.max(ModelLog.visible(changes), state.foldedThrough());
        FeatureValues actual = state.read(t);
        FeatureValues expected = oracle.valuesAt(t);
        ModelViolation.unless(
                actual.row().equals(expected.row()) && Arrays.equals(actual.statuses(), expected.statuses()),
                "%s at %d is %s, by %s it is %s",
                key,
                t,
                actual.row(),
                what,
                expected.row());
    }

    private void checkVersion(ViewKey key) {
        Version now = store.version(key);
        Version before = floor.get(key);
        ModelViolation.unless(
                before == null || (now != null && now.compareTo(before) >= 0),
                "%s went from %s back to %s",
                key,
                before,
                now);
        if (now != null) {
            floor.put(key, now);
        }
    }

    /** A frontier is in its topic. */
    void published(ModelSubtask sender, Frontier frontier) {
        FlushId flush = new FlushId(frontier.getAttempt(), frontier.getSubtask(), frontier.getFlush());
        Map<Integer, Long> cut = new TreeMap<>();
        for (PartitionFrontier partition : frontier.getPartitions()) {
            cut.put(partition.getPartition(), partition.getNextOffset());
        }
        trace("frontier: %s %s %s", frontier.getPhase(), flush, cut);
        if (frontier.getPhase() == FrontierPhase.ANNOUNCED) {
            announced.put(flush, cut);
            return;
        }
        String who = flush.attempt() + "/" + flush.subtask();
        Map<Integer, Long> before = acknowledged.merge(who, cut, (one, other) -> covers(one, other) ? one : other);
        ModelViolation.unless(
                covers(before, cut) || covers(cut, before), "%s acknowledged %s and %s", who, before, cut);
        if (floorOf.equals(sender.store())) {
            checkReadable(sender, flush, cut);
        }
    }

    private static boolean covers(Map<Integer, Long> one, Map<Integer, Long> other) {
        return other.entrySet().stream().allMatch(each -> one.getOrDefault(each.getKey(), 0L) >= each.getValue());
    }

    private void checkReadable(ModelSubtask sender, FlushId flush, Map<Integer, Long> cut) {
        for (String entity : ModelLog.KEYS) {
            List<Change> contained = log.changes(entity, entry -> entry.isIn(cut));
            if (contained.isEmpty()
                    || sender.attempt().owner(entity) != sender.index()
                    || sender.attempt().erased().contains(entity)) {
                continue;
            }
            for (StageView view : ModelLog.VIEWS) {
                ViewKey key = new ViewKey(view.name(), view.lineage(), entity);
                Version stored = store.version(key);
                ModelViolation.unless(
                        stored != null && stored.compareTo(ModelLog.version(contained)) >= 0,
                        "%s acknowledged %s, but %s has only %s",
                        flush,
                        cut,
                        key,
                        stored);
                StoredState state = store.read(key);
                if (state != null && state.flush().attempt() == flush.attempt()) {
                    Map<Integer, Long> has = announced.getOrDefault(state.flush(), Map.of());
                    ModelViolation.unless(
                            log.changes(entity, entry -> entry.isIn(cut) && !entry.isIn(has))
                                    .isEmpty(),
                            "%s acknowledged %s, but %s has the cut %s",
                            flush,
                            cut,
                            key,
                            has);
                }
            }
        }
    }

    private void checkAtRest() {
        for (ModelSubtask subtask : current.subtasks()) {
            Map<Integer, Long> cut = acknowledged.entrySet().stream()
                    .filter(entry -> entry.getKey().equals(newest(subtask)))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(Map.of());
            ModelViolation.unless(covers(cut, log.end()), "at rest %s has acknowledged only %s", subtask, cut);
        }
        // Nobody writes them again, so they can be deleted.
        current.erased().forEach(this::erase);
        for (ModelSubtask subtask : current.subtasks()) {
            current.erased()
                    .forEach(key -> ModelViolation.unless(
                            !subtask.knows(key), "at rest %s knows %s, which it leaves out", subtask, key));
        }
        for (String entity : ModelLog.KEYS) {
            List<Change> all = log.changes(entity, entry -> true);
            for (StageView view : ModelLog.VIEWS) {
                ViewKey key = new ViewKey(view.name(), view.lineage(), entity);
                StoredState stored = store.read(key);
                boolean wanted = !all.isEmpty() && !erased.contains(entity);
                ModelViolation.unless((stored != null) == wanted, "at rest %s is there: %s", key, stored != null);
                if (stored != null) {
                    checkEquals(key, stored, all, "all changes");
                    meet(KeyState.decode(view.plan(), stored.base(), stored.head()));
                }
            }
        }
    }

    private void meet(KeyState state) {
        for (Disposition disposition : Disposition.values()) {
            if (disposition != Disposition.APPLIED && state.count(disposition) > 0) {
                met(Event.valueOf(disposition.name()));
            }
        }
    }

    /** An attempt may have given itself a greater number than it was proposed. */
    private String newest(ModelSubtask subtask) {
        long attempt = acknowledged.keySet().stream()
                .filter(who -> who.endsWith("/" + subtask.index()))
                .mapToLong(who -> Long.parseLong(who.substring(0, who.indexOf('/'))))
                .max()
                .orElse(0);
        return attempt + "/" + subtask.index();
    }
}
