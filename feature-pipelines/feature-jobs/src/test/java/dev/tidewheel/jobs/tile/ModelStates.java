package dev.tidewheel.jobs.tile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keyed state in maps: what {@link KeyStates} and {@link FlinkIds} keep in Flink's, with timers. */
final class ModelStates implements KeyedStage.States, SeenIds.Ids {
    /** When an hour of a key's ids goes. */
    private record Timer(long at, String key, long hour) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer that) {
            int byTime = Long.compare(at, that.at);
            int byKey = key.compareTo(that.key);
            return byTime != 0 ? byTime : byKey != 0 ? byKey : Long.compare(hour, that.hour);
        }
    }

    /** All of one key. Bytes are never changed once they are here. */
    private static final class Kept {
        final byte[][] bases = new byte[ModelLog.VIEWS.size()][];
        final byte[][] heads = new byte[ModelLog.VIEWS.size()][];
        final Map<SeenId, Sighting> ids = new HashMap<>();
        final Map<Long, List<SeenId>> hours = new HashMap<>();

        Kept copy() {
            Kept copy = new Kept();
            System.arraycopy(bases, 0, copy.bases, 0, bases.length);
            System.arraycopy(heads, 0, copy.heads, 0, heads.length);
            copy.ids.putAll(ids);
            hours.forEach((hour, seen) -> copy.hours.put(hour, new ArrayList<>(seen)));
            return copy;
        }
    }

    private final TreeMap<String, Kept> keys = new TreeMap<>();
    private final TreeSet<Timer> timers = new TreeSet<>();
    private String current = "";

    /** What a checkpoint takes. */
    ModelStates copy() {
        ModelStates copy = new ModelStates();
        copy.add(this, key -> true);
        return copy;
    }

    /** Whether there is anything of a key: content, ids or timers. */
    boolean has(String key) {
        Kept kept = keys.get(key);
        return kept != null && (kept.heads[0] != null || !kept.ids.isEmpty() || !kept.hours.isEmpty())
                || timers.stream().anyMatch(timer -> timer.key().equals(key));
    }

    /** Takes over another's keys, as a restore does. */
    void add(ModelStates other, Predicate<String> mine) {
        other.keys.forEach((key, kept) -> {
            if (mine.test(key)) {
                keys.put(key, kept.copy());
            }
        });
        other.timers.stream().filter(timer -> mine.test(timer.key())).forEach(timers::add);
    }

    /**
     * Fires what is due.
     *
     * @return whether anything was
     */
    boolean advance(long watermark, SeenIds seen) throws Exception {
        int before = timers.size();
        while (!timers.isEmpty() && timers.first().at() <= watermark) {
            Timer due = Objects.requireNonNull(timers.pollFirst());
            select(due.key());
            seen.free(due.hour());
        }
        return timers.size() < before;
    }

    @Override
    public void select(String key) {
        current = key;
    }

    private Kept kept() {
        return keys.computeIfAbsent(current, key -> new Kept());
    }

    @Override
    public KeyEntry load(String key) {
        ModelViolation.unless(key.equals(current), "%s is loaded while %s is the current key", key, current);
        Kept kept = kept();
        List<KeyEntry.Part> parts = new ArrayList<>();
        for (int i = 0; i < kept.heads.length; i++) {
            parts.add(new KeyEntry.Part(ModelLog.VIEWS.get(i), kept.bases[i], kept.heads[i]));
        }
        return new KeyEntry(parts);
    }

    @Override
    public void save(int view, KeyEntry.Encoded encoded) {
        kept().heads[view] = encoded.head();
        if (encoded.baseChanged()) {
            kept().bases[view] = encoded.base();
        }
    }

    @Override
    public void clear() {
        Arrays.fill(kept().bases, null);
        Arrays.fill(kept().heads, null);
    }

    @Override
    public void forEachKey(KeyedStage.KeyVisitor visitor) throws Exception {
        for (String key : List.copyOf(keys.keySet())) {
            if (keys.get(key).heads[0] != null) {
                select(key);
                visitor.visit(key);
            }
        }
    }

    @Override
    public long forget(String stateName) {
        throw new UnsupportedOperationException("no view is taken away here: " + stateName);
    }

    @Override
    public @Nullable Sighting get(SeenId id) {
        return kept().ids.get(id);
    }

    @Override
    public void put(SeenId id, Sighting sighting) {
        kept().ids.put(id, sighting);
    }

    @Override
    public void remove(SeenId id) {
        kept().ids.remove(id);
    }

    @Override
    public void addToHour(long hour, SeenId id, long freedAt) {
        kept().hours.computeIfAbsent(hour, none -> new ArrayList<>()).add(id);
        timers.add(new Timer(freedAt, current, hour));
    }

    @Override
    public List<SeenId> takeHour(long hour) {
        List<SeenId> taken = kept().hours.remove(hour);
        return taken == null ? List.of() : taken;
    }

    @Override
    public void forget(Set<String> erased) {
        timers.removeIf(timer -> erased.contains(timer.key()));
        for (String key : erased) {
            select(key);
            kept().ids.clear();
            kept().hours.clear();
        }
    }
}
