package dev.tidewheel.runtime.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Tidewheel's records as bytes, in Avro's single-object encoding: {@code C3 01}, the 8-byte fingerprint of the writer's
 * schema (CRC-64-AVRO, little endian), the plain Avro binary. The fingerprint lets a reader of a later version read what
 * earlier versions wrote: all released schemas are on its class path.
 *
 * <p>A {@code null} record is a tombstone. Safe for use by many threads.
 *
 * @param <T> a generated record class
 */
public final class RecordSerde<T extends SpecificRecord> implements Serde<T>, Serializer<T>, Deserializer<T> {
    static {
        TrustedRecords.install();
    }

    private final Class<T> type;
    private final BinaryMessageEncoder<T> encoder;
    private final BinaryMessageDecoder<T> decoder;

    private RecordSerde(Class<T> type, Iterable<Schema> written) {
        SpecificData model = SpecificData.getForClass(type);
        Schema schema = model.getSchema(type);
        this.type = type;
        encoder = new BinaryMessageEncoder<>(model, schema);
        decoder = new BinaryMessageDecoder<>(model, schema);
        written.forEach(decoder::addSchema);
    }

    /** For the current version of a record, able to read all released ones. */
    public static <T extends SpecificRecord> RecordSerde<T> of(Class<T> type) {
        return new RecordSerde<>(type, ReleasedSchemas.of(type));
    }

    /** As {@link #of}, able to read also what these schemas wrote. */
    static <T extends SpecificRecord> RecordSerde<T> of(Class<T> type, Iterable<Schema> written) {
        return new RecordSerde<>(type, written);
    }

    /** Encodes a record; never {@code null}. */
    public byte[] encode(T record) {
        try {
            ByteBuffer bytes = encoder.encode(Objects.requireNonNull(record));
            byte[] result = new byte[bytes.remaining()];
            bytes.get(result);
            return result;
        } catch (IOException | AvroRuntimeException e) {
            throw new SerializationException("not a complete " + type.getSimpleName() + ": " + record, e);
        }
    }

    /** @throws UnreadableRecordException if the bytes are of no known version, or damaged */
    public T decode(byte[] bytes) {
        try {
            return decoder.decode(bytes, null);
        } catch (BadHeaderException e) {
            throw new UnreadableRecordException(
                    "not in single-object encoding (starts with " + start(bytes) + "), expected a "
                            + type.getSimpleName(),
                    e);
        } catch (MissingSchemaException e) {
            throw new UnreadableRecordException(
                    "written with schema " + start(bytes) + ", which no known version of " + type.getSimpleName()
                            + " has (known now: "
                            + Long.toHexString(SchemaNormalization.parsingFingerprint64(
                                    SpecificData.get().getSchema(type)))
                            + "); upgrade this reader, or the topic holds something else",
                    e);
        } catch (IOException | RuntimeException e) {
            // Damaged bytes make Avro throw nearly anything, NegativeArraySize and IndexOutOfBounds included.
            throw new UnreadableRecordException(
                    "damaged " + type.getSimpleName() + " of " + bytes.length + " bytes", e);
        }
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T data) {
        return data == null ? null : encode(data);
    }

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] data) {
        return data == null ? null : decode(data);
    }

    @Override
    public Serializer<T> serializer() {
        return this;
    }

    @Override
    public Deserializer<T> deserializer() {
        return this;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {}

    @Override
    public void close() {}

    private static String start(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(10, bytes.length); i++) {
            text.append(String.format("%02x", bytes[i]));
        }
        return text.toString();
    }
}
