package dev.tidewheel.history.care;

import dev.tidewheel.history.care.InferenceKeys.Whose;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Knows whose a segment of monitoring is, by one rule for metrics, alerts and profiles: it is the entity's if it is named
 * by the entity's one column and value; by the values alone, of another column, it may be. Who is known by several columns
 * is no segment, which has one. Immutable.
 */
public final class EntitySegments {
    private final List<String> theirs;
    private final Collection<String> values;

    /** @param entity columns with their texts, as keys have them */
    public EntitySegments(SortedMap<String, String> entity) {
        this.theirs = entity.entrySet().stream().map(EntitySegments::segment).toList();
        this.values = List.copyOf(entity.values());
    }

    private static String segment(Map.Entry<String, String> column) {
        return column.getKey() + "=" + column.getValue();
    }

    /** @param segment such as {@code origin=ORD} */
    public Whose whose(String segment) {
        if (theirs.equals(List.of(segment))) {
            return Whose.THEIRS;
        }
        return values.stream().allMatch(value -> Words.in(segment, value)) ? Whose.PERHAPS : Whose.OTHERS;
    }

    /** Whether a segment goes, of those that may be the entity's only if that is asked for. */
    public boolean goes(String segment, boolean suspects) {
        return switch (whose(segment)) {
            case THEIRS -> true;
            case PERHAPS -> suspects;
            case OTHERS -> false;
        };
    }
}
