package dev.tidewheel.jobs.route;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * {@link Routed} between two tasks: a length and so many bytes, numbers as varints, and nothing that the receiver knows
 * already. Checkpoints are aligned, so no record in flight is in one, and these bytes never outlive a run of the job: they
 * may change with every version. Not thread-safe; Flink takes a {@linkplain #duplicate() duplicate} per thread.
 */
final class RoutedSerializer extends TypeSerializer<Routed> {
    private static final long serialVersionUID = 1L;

    private static final int MARKER = 0;
    private static final int CHANGE = 1;
    private static final int PAIR = 2;

    private static final int RETRACTION = 1;
    /** The id is the record's position. */
    private static final int POSITION = 2;
    /** The timestamp is the known time. */
    private static final int TIMESTAMP_IS_KNOWN = 4;

    private static final int NULL = 0;
    private static final int WORD = 1;
    private static final int TEXT = 2;
    /** The text is the entity's key. */
    private static final int KEY = 3;
    /** The word is the event time. */
    private static final int EVENT_TIME = 4;

    private final String topic;
    private transient @Nullable ByteWriter writer;

    /** @param topic of the source: the text of most ids */
    RoutedSerializer(String topic) {
        this.topic = Objects.requireNonNull(topic, "topic");
    }

    @Override
    public void serialize(Routed routed, DataOutputView target) throws IOException {
        ByteWriter out = writer;
        if (out == null) {
            out = new ByteWriter();
            writer = out;
        }
        out.clear();
        write(routed, out);
        target.writeInt(out.size());
        target.write(out.array(), 0, out.size());
    }

    private void write(Routed routed, ByteWriter out) {
        OffsetMarker marker = routed.marker();
        RoutedChange change = routed.change();
        if (marker != null) {
            out.writeByte(MARKER);
            out.writeString(routed.key());
            write(marker, out);
            return;
        }
        KeyedChange also = routed.also();
        out.writeByte(also == null ? CHANGE : PAIR);
        write(routed.key(), Objects.requireNonNull(change), out);
        if (also != null) {
            write(also.key(), also.change(), out);
        }
    }

    private static void write(OffsetMarker marker, ByteWriter out) {
        out.writeUnsigned(marker.partitions().length);
        for (int i = 0; i < marker.partitions().length; i++) {
            out.writeUnsigned(marker.partitions()[i]);
            out.writeUnsigned(marker.nextOffsets()[i]);
        }
    }

    private void write(String key, RoutedChange change, ByteWriter out) {
        boolean position = change.idHigh() == change.partition()
                && change.idLow() == change.offset()
                && change.idText().equals(topic);
        boolean timestampIsKnown = change.timestamp() == change.knownTime();
        out.writeByte((change.retraction() ? RETRACTION : 0)
                | (position ? POSITION : 0)
                | (timestampIsKnown ? TIMESTAMP_IS_KNOWN : 0));
        out.writeString(key);
        out.writeUnsigned(change.partition());
        out.writeUnsigned(change.offset());
        out.writeSigned(change.eventTime());
        out.writeSigned(change.knownTime() - change.eventTime());
        if (!timestampIsKnown) {
            out.writeSigned(change.timestamp());
        }
        if (!position) {
            out.writeString(change.idText());
            out.writeSigned(change.idHigh());
            out.writeSigned(change.idLow());
        }
        writeRow(key, change, out);
    }

    private static void writeRow(String key, RoutedChange change, ByteWriter out) {
        long[] words = change.words();
        @Nullable String[] strings = change.strings();
        boolean[] nulls = change.nulls();
        out.writeUnsigned(nulls.length);
        for (int slot = 0; slot < nulls.length; slot++) {
            String text = strings[slot];
            if (nulls[slot]) {
                out.writeByte(NULL);
            } else if (text != null) {
                writeText(key, text, out);
            } else if (words[slot] == change.eventTime()) {
                out.writeByte(EVENT_TIME);
            } else {
                out.writeByte(WORD);
                out.writeSigned(words[slot]);
            }
        }
    }

    private static void writeText(String key, String text, ByteWriter out) {
        if (text.equals(key)) {
            out.writeByte(KEY);
        } else {
            out.writeByte(TEXT);
            out.writeString(text);
        }
    }

    @Override
    public Routed deserialize(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        ByteReader in = new ByteReader(bytes);
        int form = in.readByte();
        if (form == MARKER) {
            return Routed.of(in.readString(), readMarker(in));
        }
        KeyedChange first = readChange(in);
        return form == CHANGE ? Routed.of(first.key(), first.change()) : Routed.of(first, readChange(in));
    }

    private static OffsetMarker readMarker(ByteReader in) {
        int[] partitions = new int[in.readLength()];
        long[] nextOffsets = new long[partitions.length];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = (int) in.readUnsigned();
            nextOffsets[i] = in.readUnsigned();
        }
        return new OffsetMarker(partitions, nextOffsets);
    }

    private KeyedChange readChange(ByteReader in) {
        int flags = in.readByte();
        String key = in.readString();
        int partition = (int) in.readUnsigned();
        long offset = in.readUnsigned();
        long eventTime = in.readSigned();
        long knownTime = eventTime + in.readSigned();
        long timestamp = (flags & TIMESTAMP_IS_KNOWN) != 0 ? knownTime : in.readSigned();
        boolean position = (flags & POSITION) != 0;
        String idText = position ? topic : in.readString();
        long idHigh = position ? partition : in.readSigned();
        long idLow = position ? offset : in.readSigned();
        int slots = in.readLength();
        long[] words = new long[slots];
        @Nullable String[] strings = new String[slots];
        boolean[] nulls = new boolean[slots];
        for (int slot = 0; slot < slots; slot++) {
            switch (in.readByte()) {
                case NULL -> nulls[slot] = true;
                case WORD -> words[slot] = in.readSigned();
                case TEXT -> strings[slot] = in.readString();
                case KEY -> strings[slot] = key;
                case EVENT_TIME -> words[slot] = eventTime;
                default -> throw new IllegalStateException("no form of a column before byte " + in.position());
            }
        }
        return new KeyedChange(
                key,
                new RoutedChange(
                        partition,
                        offset,
                        timestamp,
                        idText,
                        idHigh,
                        idLow,
                        eventTime,
                        knownTime,
                        words,
                        strings,
                        nulls,
                        (flags & RETRACTION) != 0));
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public TypeSerializer<Routed> duplicate() {
        return new RoutedSerializer(topic);
    }

    @Override
    public Routed createInstance() {
        return Routed.of("", new OffsetMarker(new int[0], new long[0]));
    }

    @Override
    public Routed copy(Routed from) {
        return from;
    }

    @Override
    public Routed copy(Routed from, Routed reuse) {
        return from;
    }

    @Override
    public Routed deserialize(Routed reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public TypeSerializerSnapshot<Routed> snapshotConfiguration() {
        throw new UnsupportedOperationException("what is on its way is in no state: its bytes have no released format");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutedSerializer that && topic.equals(that.topic);
    }

    @Override
    public int hashCode() {
        return topic.hashCode();
    }
}
