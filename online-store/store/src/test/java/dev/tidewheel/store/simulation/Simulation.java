package dev.tidewheel.store.simulation;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A job that writes to a store, with everything that can go wrong, in one thread from one seed: calls overtake each
 * other and are repeated, the job crashes at any step and goes on from a checkpoint while its predecessor still writes,
 * the store falls back to a replica or comes back empty, keys are deleted and live again.
 *
 * <p>A call of the real writer has two parts, heads and then the states whose base the server lacked. Each part decides
 * by versions alone, so their separation is one more way in which calls are delivered late and repeated.
 */
final class Simulation {
    private static final int CRASHES = 2;
    private static final int ZOMBIE_STEPS = 30;

    private final Random random;
    private final SourceLog log;
    private final SimulatedStore store;
    private final Mistake mistake;
    private final List<Attempt.Message> network = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private final Map<ViewKey, Version> floor = new HashMap<>();

    private Attempt job;
    private Attempt zombie;
    private int zombieSteps;
    private int attempts = 1;
    private int server;
    private Attempt.Checkpoint latest;

    /** What a job may do wrong, to see that it would be noticed. */
    enum Mistake {
        NONE,
        /** Forget a deleted key's version together with its content. */
        FORGETS_DELETED_VERSIONS,
        /** Trust what another server than the present one acknowledged. */
        TRUSTS_ANY_SERVER
    }

    Simulation(long seed, SimulatedStore store, Mistake mistake) {
        this.random = new Random(seed);
        this.log = SourceLog.random(random);
        this.store = store;
        this.mistake = mistake;
        this.latest = Attempt.Checkpoint.empty(log, server);
        this.job = new Attempt(attempts, log, latest);
    }

    /** Runs to rest, and compares every key with the truth. */
    void run() {
        for (int step = 0; step < 250; step++) {
            step();
        }
        comeToRest();
        long windowStart = log.end() - Attempt.RETENTION;
        for (String key : log.keys()) {
            Set<Integer> stored = stored(key, windowStart);
            Set<Integer> expected = log.expected(key, windowStart);
            if (!stored.equals(expected)) {
                throw new AssertionError("at rest key " + key + " has " + stored + ", not " + expected + "\n" + log
                        + "\n" + String.join("\n", history));
            }
        }
    }

    private Set<Integer> stored(String key, long after) {
        StoredState state = store.read(Attempt.viewKey(key));
        Set<Integer> ids = state == null ? new TreeSet<>() : ToyState.decode(state);
        ids.removeIf(id -> log.entry(id).knownTime() <= after);
        return ids;
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> job.read(random.nextInt(log.partitions().size()));
            case 4 -> job.fold(random);
            case 5, 6 -> flush(job);
            case 7, 8, 9 -> deliver();
            case 10 -> checkpoint();
            case 11 -> send(job.cleanUp());
            case 12 -> haunt();
            case 13 -> dropMarkers();
            case 14 -> maybeCrash();
            default -> maybeLoseStore();
        }
    }

    private void flush(Attempt attempt) {
        if (attempt.isDirty()) {
            send(attempt.flush());
        }
    }

    private void send(Attempt.Message message) {
        if (message.batch().isEmpty()) {
            message.sender().acknowledged(message, new Outcome(0, 0));
        } else {
            network.add(message);
        }
    }

    /** Any message may be next; its answer may be lost, and then it is sent again. */
    private void deliver() {
        if (network.isEmpty()) {
            return;
        }
        Attempt.Message message = network.get(random.nextInt(network.size()));
        Outcome outcome = message.delete() ? store.delete(message.batch()) : store.write(message.batch());
        history.add((message.delete() ? "delete " : "write ") + versions(message.batch()) + " " + outcome);
        checkVersions();
        if (random.nextInt(4) > 0) {
            network.remove(message);
            message.sender().acknowledged(message, outcome);
        }
    }

    private static String versions(Map<ViewKey, StoredState> batch) {
        StringBuilder text = new StringBuilder();
        batch.forEach((key, state) -> text.append(key.entity())
                .append(state.version())
                .append(" by ")
                .append(state.flush().attempt())
                .append("; "));
        return text.toString();
    }

    private void checkVersions() {
        for (String name : log.keys()) {
            ViewKey key = Attempt.viewKey(name);
            Version now = store.version(key);
            Version before = floor.get(key);
            if (before != null && (now == null || now.compareTo(before) < 0)) {
                throw new AssertionError(
                        "key " + name + " went from " + before + " back to " + now + "\n" + String.join("\n", history));
            }
            if (now != null) {
                floor.put(key, now);
            }
        }
    }

    /** The server is asked who it is after the last acknowledgement, not before. */
    private void checkpoint() {
        meetServer();
        if (job.isFlushed()) {
            latest = job.checkpoint();
        }
    }

    private void meetServer() {
        if (mistake != Mistake.TRUSTS_ANY_SERVER) {
            job.meet(server);
        }
    }

    private void haunt() {
        if (zombie != null && zombieSteps-- > 0) {
            zombie.read(random.nextInt(log.partitions().size()));
            if (random.nextInt(3) == 0) {
                zombie.fold(random);
            }
            flush(zombie);
        }
    }

    /**
     * A deleted key's version may be forgotten once nobody has written or can write under a version of its former life:
     * this very attempt's delete was accepted, the checkpoint that would be restored already lacks the content, and no
     * former attempt is still writing.
     */
    private void dropMarkers() {
        boolean alone = (zombie == null || zombieSteps <= 0) && network.stream().allMatch(m -> m.sender() == job);
        job.dropMarkers(key -> mistake == Mistake.FORGETS_DELETED_VERSIONS || (alone && lacks(latest, key)));
    }

    private static boolean lacks(Attempt.Checkpoint checkpoint, String key) {
        ToyState state = checkpoint.states().get(key);
        return state != null && state.isMarker();
    }

    private void maybeCrash() {
        if (attempts <= CRASHES && random.nextInt(3) == 0) {
            zombie = job;
            zombieSteps = random.nextInt(ZOMBIE_STEPS);
            job = new Attempt(++attempts, log, latest);
            history.add("attempt " + attempts + " starts");
        }
    }

    private void maybeLoseStore() {
        switch (random.nextInt(6)) {
            case 0 -> {
                history.add("a replica takes over");
                store.failOver();
                becomeAnother();
            }
            case 1 -> {
                history.add("the store comes back empty");
                store.lose();
                becomeAnother();
            }
            default -> store.replicate();
        }
    }

    private void becomeAnother() {
        server++;
        floor.clear();
    }

    private void comeToRest() {
        zombieSteps = 0;
        meetServer();
        while (!job.hasReadAll() || !network.isEmpty() || !job.isFlushed()) {
            job.read(random.nextInt(log.partitions().size()));
            flush(job);
            deliver();
        }
    }
}
