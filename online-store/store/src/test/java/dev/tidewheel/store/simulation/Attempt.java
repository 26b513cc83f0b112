package dev.tidewheel.store.simulation;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** One run of the job's only subtask, from its restore on. It may live on as a zombie after another one started. */
final class Attempt {
    static final long RETENTION = 6;

    private final int number;
    private final SourceLog log;
    private final int[] offsets;
    private final Map<String, ToyState> states = new TreeMap<>();
    private final Set<String> dirty = new TreeSet<>();
    /** Keys whose delete the store accepted from this attempt, and that were not touched since. */
    private final Set<String> deleted = new TreeSet<>();

    private int server;
    private int outstanding;
    private int flushes;

    /**
     * What an attempt starts from.
     *
     * @param server the server that acknowledged the states
     */
    record Checkpoint(int[] offsets, Map<String, ToyState> states, int server) {
        static Checkpoint empty(SourceLog log, int server) {
            return new Checkpoint(new int[log.partitions().size()], Map.of(), server);
        }
    }

    /** A call to the store that was sent and may be repeated until it is answered. */
    record Message(Attempt sender, boolean delete, Map<ViewKey, StoredState> batch) {}

    Attempt(int number, SourceLog log, Checkpoint from) {
        this.number = number;
        this.log = log;
        this.offsets = from.offsets().clone();
        this.server = from.server();
        from.states().forEach((key, state) -> states.put(key, state.copy()));
    }

    /** Reads the next record of a partition, if there is one. */
    void read(int partition) {
        if (offsets[partition] < log.partitions().get(partition).size()) {
            SourceLog.Entry entry = log.partitions().get(partition).get(offsets[partition]++);
            states.computeIfAbsent(entry.key(), key -> new ToyState()).route(entry);
            dirty.add(entry.key());
            deleted.remove(entry.key());
        }
    }

    void fold(Random random) {
        states.values().stream()
                .skip(random.nextInt(states.size() + 1))
                .findFirst()
                .ifPresent(ToyState::fold);
    }

    boolean hasReadAll() {
        for (int p = 0; p < offsets.length; p++) {
            if (offsets[p] < log.partitions().get(p).size()) {
                return false;
            }
        }
        return true;
    }

    boolean isFlushed() {
        return dirty.isEmpty() && outstanding == 0;
    }

    boolean isDirty() {
        return !dirty.isEmpty();
    }

    /** Takes everything that changed on its way to the store. */
    Message flush() {
        FlushId flush = new FlushId(number, 0, ++flushes);
        Map<ViewKey, StoredState> batch = new LinkedHashMap<>();
        dirty.forEach(key -> batch.put(viewKey(key), states.get(key).encode(flush)));
        dirty.clear();
        outstanding++;
        return new Message(this, false, batch);
    }

    /** Another server may lack anything that this job was ever told to be safe: all of it is to be written again. */
    void meet(int serverNow) {
        if (server != serverNow) {
            server = serverNow;
            deleted.clear();
            states.forEach((key, state) -> {
                if (!state.isMarker()) {
                    dirty.add(key);
                }
            });
        }
    }

    /** Asks the store to delete what no window needs any more. */
    Message cleanUp() {
        long watermark = log.watermark(offsets);
        FlushId flush = new FlushId(number, 0, ++flushes);
        Map<ViewKey, StoredState> batch = new LinkedHashMap<>();
        states.forEach((key, state) -> {
            if (!deleted.contains(key)
                    && !dirty.contains(key)
                    && state.version().knownTime() <= watermark - RETENTION) {
                batch.put(viewKey(key), StoredState.deleted(state.version(), flush));
            }
        });
        outstanding++;
        return new Message(this, true, batch);
    }

    /** The store answered. Content goes only if its delete was accepted and nothing came in between. */
    void acknowledged(Message message, Outcome outcome) {
        outstanding--;
        if (message.delete() && outcome.superseded() == 0) {
            message.batch().forEach((key, tombstone) -> dropContent(key.entity(), tombstone.version()));
        }
    }

    private void dropContent(String key, Version version) {
        ToyState state = states.get(key);
        if (state != null && !dirty.contains(key) && state.version().equals(version)) {
            state.forgetContent();
            deleted.add(key);
        }
    }

    /** Forgets the versions of deleted keys, where that is allowed. */
    void dropMarkers(Predicate<String> allowed) {
        states.entrySet().removeIf(entry -> deleted.contains(entry.getKey()) && allowed.test(entry.getKey()));
    }

    Checkpoint checkpoint() {
        Map<String, ToyState> copies = new TreeMap<>();
        states.forEach((key, state) -> copies.put(key, state.copy()));
        return new Checkpoint(offsets.clone(), copies, server);
    }

    static ViewKey viewKey(String key) {
        return new ViewKey("view", 1, key);
    }
}
