package dev.tidewheel.history.care;

import dev.tidewheel.drift.profile.SegmentProfile;
import dev.tidewheel.history.care.InferenceKeys.Whose;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Knows whose a segment of monitoring is, by one rule for metrics, alerts and profiles: it is the entity's if it is named
 * by the entity's one column and value; by the value alone, of another column, it may be. A segment's value is a whole
 * value of one column: who is known by several columns is no segment. What stands for many, {@code all} and {@code
 * origin=other}, is nobody's, whatever they are called. Immutable.
 */
public final class EntitySegments {
    private final SortedMap<String, String> entity;

    /** @param entity columns with their texts, as keys have them */
    public EntitySegments(SortedMap<String, String> entity) {
        this.entity = Collections.unmodifiableSortedMap(new TreeMap<>(entity));
    }

    /** @param segment such as {@code origin=ORD} */
    public Whose whose(String segment) {
        int sign = segment.indexOf('=');
        String value = segment.substring(sign + 1);
        if (entity.size() != 1 || sign < 0 || value.equals(SegmentProfile.OTHER) || !entity.containsValue(value)) {
            return Whose.OTHERS;
        }
        return entity.containsKey(segment.substring(0, sign)) ? Whose.THEIRS : Whose.PERHAPS;
    }

    /**
     * Whether segments of that name tell the entity from others.
     *
     * @param suspects whether those do that only may be the entity's
     */
    public boolean isSplitBy(String name, boolean suspects) {
        return entity.size() == 1 && (suspects || entity.containsKey(name));
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
