package dev.tidewheel.runtime.erase;

import dev.tidewheel.feature.row.EntityKeys;
import java.util.ArrayList;
import java.util.List;

/** Knows the keys of erased entities among those of one list of key columns. Not thread-safe. */
public final class ErasedKeys {
    private final List<ErasedColumns> erased;
    private final List<int[]> places = new ArrayList<>();

    ErasedKeys(List<ErasedColumns> erased, List<String> entity) {
        this.erased = List.copyOf(erased);
        erased.forEach(group ->
                places.add(group.columns().stream().mapToInt(entity::indexOf).toArray()));
    }

    /** Whether no key can be theirs. */
    public boolean isEmpty() {
        return erased.isEmpty();
    }

    /** @param key see {@link EntityKeys#join} */
    public boolean cover(String key) {
        if (erased.isEmpty()) {
            return false;
        }
        List<String> values = EntityKeys.split(key);
        for (int group = 0; group < erased.size(); group++) {
            List<String> wanted = new ArrayList<>();
            for (int place : places.get(group)) {
                wanted.add(values.get(place));
            }
            if (erased.get(group).covers(wanted)) {
                return true;
            }
        }
        return false;
    }
}
