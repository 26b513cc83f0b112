package dev.tidewheel.history.care;

import dev.tidewheel.history.care.InferenceKeys.Whose;
import java.util.List;
import java.util.SortedMap;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/** Knows an entity's rows among logged inferences: those whose keys name it. Immutable. */
final class InferenceRows {
    private static final String NAMES = "entity_names";
    private static final String KEYS = "entity_keys";
    private static final String STRINGS = "strings";
    private static final String ERROR = "error";
    /** What a row says of its entities. */
    private static final List<String> SAID = List.of(NAMES, KEYS, "numbers", "integers", STRINGS, "nulls", "statuses");
    /** The same, of which there may be none. */
    private static final List<String> OPTIONAL = List.of("prediction", ERROR);

    private final InferenceKeys entity;

    InferenceRows(SortedMap<String, String> entity) {
        this.entity = new InferenceKeys(entity);
    }

    boolean isTheirs(Record row) {
        return whose(row) == Whose.THEIRS;
    }

    /** Of a row whose keys do not say it. */
    boolean mayBeTheirs(Record row) {
        return whose(row) == Whose.PERHAPS;
    }

    private Whose whose(Record row) {
        return entity.whose(
                list(row.getField(NAMES)), list(row.getField(KEYS)), list(row.getField(STRINGS)), row.getField(ERROR));
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
