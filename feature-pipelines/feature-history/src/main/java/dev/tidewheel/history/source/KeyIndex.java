package dev.tidewheel.history.source;

import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.row.EntityKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a history by entity key. Keys are numbered from 0 in the order in which they first became visible.
 * Immutable and thread-safe.
 */
public final class KeyIndex {
    /** The number of no key: a change whose key columns hold a null. */
    public static final int NO_KEY = -1;

    private final Map<String, Integer> numbers;
    private final List<String> keys;
    private final int[] keyOf;
    private final int[] changes;
    private final int[] starts;

    private KeyIndex(Map<String, Integer> numbers, List<String> keys, int[] keyOf) {
        this.numbers = numbers;
        this.keys = List.copyOf(keys);
        this.keyOf = keyOf;
        this.starts = starts(keyOf, keys.size());
        this.changes = grouped(keyOf, starts);
    }

    static KeyIndex of(ChangeHistory history, List<String> entity) {
        int[] slots = slots(history, entity);
        Map<String, Integer> numbers = new HashMap<>();
        List<String> keys = new ArrayList<>();
        int[] keyOf = new int[history.size()];
        for (int change = 0; change < keyOf.length; change++) {
            String key = key(history, change, slots);
            keyOf[change] = key == null
                    ? NO_KEY
                    : numbers.computeIfAbsent(key, unseen -> {
                        keys.add(unseen);
                        return keys.size() - 1;
                    });
        }
        return new KeyIndex(numbers, keys, keyOf);
    }

    /** How many keys there are. */
    public int size() {
        return keys.size();
    }

    /** All keys, by number. */
    public List<String> keys() {
        return keys;
    }

    /** The canonical text of a key. */
    public String key(int number) {
        return keys.get(number);
    }

    /** The number of a key, or {@link #NO_KEY} if no change has it. */
    public int number(String key) {
        return numbers.getOrDefault(key, NO_KEY);
    }

    /** The number of a change's key, or {@link #NO_KEY} if a key column is null. */
    public int keyOf(int change) {
        return keyOf[change];
    }

    /** The changes of a key, in the order of the history; none for {@link #NO_KEY}. */
    public int[] changes(int number) {
        return number == NO_KEY ? new int[0] : Arrays.copyOfRange(changes, starts[number], starts[number + 1]);
    }

    KeyBlock block(ChangeHistory history, int number) {
        return new HistoryBlock(history, changes, starts[number], starts[number + 1] - starts[number]);
    }

    private static int[] slots(ChangeHistory history, List<String> entity) {
        int[] slots = new int[entity.size()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = history.columns().schema().slot(entity.get(i));
            if (slots[i] < 0) {
                throw new IllegalArgumentException("source '"
                        + history.columns().source() + "' has no column '" + entity.get(i) + "' to be an entity");
            }
        }
        return slots;
    }

    private static @Nullable String key(ChangeHistory history, int change, int[] slots) {
        List<String> values = new ArrayList<>(slots.length);
        for (int slot : slots) {
            if (history.isNull(change, slot)) {
                return null;
            }
            values.add(history.text(change, slot));
        }
        return EntityKeys.join(values);
    }

    private static int[] starts(int[] keyOf, int keys) {
        int[] starts = new int[keys + 1];
        for (int key : keyOf) {
            if (key != NO_KEY) {
                starts[key + 1]++;
            }
        }
        for (int key = 0; key < keys; key++) {
            starts[key + 1] += starts[key];
        }
        return starts;
    }

    private static int[] grouped(int[] keyOf, int[] starts) {
        int[] next = starts.clone();
        int[] grouped = new int[starts[starts.length - 1]];
        for (int change = 0; change < keyOf.length; change++) {
            if (keyOf[change] != NO_KEY) {
                grouped[next[keyOf[change]]++] = change;
            }
        }
        return grouped;
    }
}
