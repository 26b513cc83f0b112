package dev.tidewheel.history.care;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows whose a logged inference is, by one rule for the log and its table: it is the entity's if its keys say so; if it
 * has no such key, it may be the entity's by its texts. One that names another is another's. Immutable.
 */
public final class InferenceKeys {
    private final Map<String, String> entity;

    /** @param entity columns with their texts, as keys have them */
    public InferenceKeys(SortedMap<String, String> entity) {
        this.entity = new TreeMap<>(entity);
    }

    /** Whose a row is. */
    public enum Whose {
        THEIRS,
        PERHAPS,
        OTHERS
    }

    /**
     * @param names of the key columns
     * @param keys their values
     * @param strings values of columns that are texts
     * @param error what went wrong, if anything
     */
    public Whose whose(List<?> names, List<?> keys, List<?> strings, @Nullable Object error) {
        Whose whose = Whose.THEIRS;
        for (Map.Entry<String, String> column : entity.entrySet()) {
            int place = names.indexOf(column.getKey());
            boolean named = place >= 0 && place < keys.size();
            if (named ? !column.getValue().equals(keys.get(place)) : !isSaid(column.getValue(), strings, error)) {
                return Whose.OTHERS;
            }
            whose = named ? whose : Whose.PERHAPS;
        }
        return whose;
    }

    private static boolean isSaid(String value, List<?> strings, @Nullable Object error) {
        return error != null && Words.in(error.toString(), value)
                || strings.stream().anyMatch(text -> text != null && Words.in(text.toString(), value));
    }
}
