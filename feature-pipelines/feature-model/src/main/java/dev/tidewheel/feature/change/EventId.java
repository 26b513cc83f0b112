package dev.tidewheel.feature.change;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.util.Objects;

/**
 * What makes a change itself: the declared event id, or else where it stands in its topic. It removes duplicates and
 * breaks ties between equal event times, so its order is part of the meaning of every order-sensitive value.
 *
 * @param text a declared string id, or the topic of a position; empty for a declared integer id. In a union of sources a
 *     declared id begins with its member's name and a slash, which no topic has
 * @param high the partition of a position; 0 for a declared id
 * @param low a declared integer id, or the offset of a position; 0 for a string id
 */
public record EventId(String text, long high, long low) implements Comparable<EventId> {
    private static final int INTEGER = 0;
    private static final int TEXT = 1;
    private static final int POSITION = 2;

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

    /**
     * This declared id as that of a member of a union: id 7 of one member is not id 7 of another. Within a member the order
     * is as before.
     */
    public EventId inUnion(String member) {
        return new EventId(member + "/" + text, high, low);
    }

    /** Appends a form byte and the parts that the form has. */
    public void encode(ByteWriter out) {
        if (text.isEmpty() && high == 0) {
            out.writeByte(INTEGER);
            out.writeSigned(low);
        } else if (high == 0 && low == 0) {
            out.writeByte(TEXT);
            out.writeString(text);
        } else {
            out.writeByte(POSITION);
            out.writeString(text);
            out.writeSigned(high);
            out.writeSigned(low);
        }
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is no id
     */
    public static EventId decode(ByteReader in) {
        int form = in.readByte();
        return switch (form) {
            case INTEGER -> of(in.readSigned());
            case TEXT -> of(in.readString());
            case POSITION -> new EventId(in.readString(), in.readSigned(), in.readSigned());
            default -> throw new IllegalArgumentException("an event id has form 0, 1 or 2, got " + form);
        };
    }

    @Override
    public String toString() {
        if (text.isEmpty() && high == 0) {
            return Long.toString(low);
        }
        return high == 0 && low == 0 ? text : text + '-' + high + '@' + low;
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
