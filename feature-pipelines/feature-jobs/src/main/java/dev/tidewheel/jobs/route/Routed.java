package dev.tidewheel.jobs.route;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What travels to the keyed stage: a change, or a marker that tells how far the changes before it reach. Both in one
 * type, because the marker has to keep its place among the changes; and not a sealed type, because Flink's serialisers
 * know none.
 *
 * @param key the entity's key text; for a marker, a text that Flink routes to the subtask that it is for
 * @param change null if this is a marker
 * @param marker null if this is a change
 * @param also the other change of the same record, if it goes to the same subtask: both are applied or none, so that the
 *     subtask's cut never has half a record. Its key may be another
 */
public record Routed(
        String key,
        @Nullable RoutedChange change,
        @Nullable OffsetMarker marker,
        @Nullable KeyedChange also) {
    public Routed {
        Objects.requireNonNull(key, "key");
        if ((change == null) == (marker == null)) {
            throw new IllegalArgumentException("either a change or a marker");
        }
        if (also != null && change == null) {
            throw new IllegalArgumentException("a marker brings no change");
        }
    }

    /** A change for a key. */
    public static Routed of(String key, RoutedChange change) {
        return new Routed(key, change, null, null);
    }

    /** Both changes of a record, for keys of one subtask. */
    public static Routed of(KeyedChange first, KeyedChange second) {
        return new Routed(first.key(), first.change(), null, second);
    }

    /** A marker for the subtask that owns the key. */
    public static Routed of(String key, OffsetMarker marker) {
        return new Routed(key, null, marker, null);
    }
}
