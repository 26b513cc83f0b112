package dev.tidewheel.history.care;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/** Knows an entity's rows among logged inferences: those whose keys name it. Immutable. */
final class InferenceRows {
    private static final String NAMES = "entity_names";
    private static final String KEYS = "entity_keys";
    /** What a row says of its entities. */
    private static final List<String> SAID =
            List.of(NAMES, KEYS, "numbers", "integers", "strings", "nulls", "statuses");
    /** The same, of which there may be none. */
    private static final List<String> OPTIONAL = List.of("prediction", "error");

    private final Map<String, String> entity;

    InferenceRows(SortedMap<String, String> entity) {
        this.entity = new TreeMap<>(entity);
    }

    boolean isTheirs(Record row) {
        List<?> names = list(row.getField(NAMES));
        List<?> keys = list(row.getField(KEYS));
        return entity.entrySet().stream().allMatch(column -> {
            int place = names.indexOf(column.getKey());
            return place >= 0 && place < keys.size() && column.getValue().equals(keys.get(place));
        });
    }

    static Record emptied(Record row) {
        Record empty = row.copy();
        SAID.forEach(column -> empty.setField(column, List.of()));
        OPTIONAL.forEach(column -> empty.setField(column, null));
        return empty;
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
