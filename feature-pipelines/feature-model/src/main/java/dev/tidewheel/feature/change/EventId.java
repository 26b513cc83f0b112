package dev.tidewheel.feature.change;

import java.util.Objects;

/**
 * What makes a change itself: the declared event id, or else where it stands in its topic. It removes duplicates and
 * breaks ties between equal event times, so its order is part of the meaning of every order-sensitive value.
 *
 * @param text a declared string id, or the topic of a position; empty for a declared integer id
 * @param high the partition of a position; 0 for a declared id
 * @param low a declared integer id, or the offset of a position; 0 for a string id
 */
public record EventId(String text, long high, long low) implements Comparable<EventId> {
    public EventId {
        Objects.requireNonNull(text, "text");
    }

    /** A declared integer id. */
    public static EventId of(long id) {
        return new EventId("", 0, id);
    }

    /** A declared string id. */
    public static EventId of(String id) {
        return new EventId(id, 0, 0);
    }

    /** The position of a record in Kafka, for sources that declare no id. */
    public static EventId of(String topic, int partition, long offset) {
        return new EventId(topic, partition, offset);
    }

    @Override
    public int compareTo(EventId that) {
        int byText = text.compareTo(that.text);
        if (byText != 0) {
            return byText;
        }
        int byHigh = Long.compare(high, that.high);
        return byHigh != 0 ? byHigh : Long.compare(low, that.low);
    }
}
