package dev.tidewheel.jobs.dead;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.runtime.kafka.DeadLetterKey;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Refusals as records of the topic of dead letters, keyed by where the source record stood and who refused it. Long keys and values are cut:
 * what a source's topic could carry need not fit into a letter, and a letter that cannot be sent would stop the job. The
 * raw table has every refused record whole.
 */
public final class DeadLetterSerializer implements KafkaRecordSerializationSchema<Refusal> {
    private static final long serialVersionUID = 1L;

    /** What a letter carries of a key or a value; far below any broker's bound, far above what a person reads. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_DETAIL = 2_000;

    private final Channels channels;
    private transient @Nullable RecordSerde<DeadLetter> serde;

    /** @param channels of the topics that the refused records came from */
    public DeadLetterSerializer(Channels channels) {
        this.channels = channels;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
        serde = RecordSerde.of(DeadLetter.class);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Refusal refusal, KafkaSinkContext context, @Nullable Long timestamp) {
        DeadLetter letter = letter(refusal);
        // The timestamp of the letter is the broker's business: the source record's may be years old.
        return new ProducerRecord<>(
                Topics.DEAD_LETTERS,
                DeadLetterKey.of(letter).getBytes(StandardCharsets.UTF_8),
                Objects.requireNonNull(serde, "not open").encode(letter));
    }

    private DeadLetter letter(Refusal refusal) {
        return DeadLetter.newBuilder()
                .setTopic(channels.topic(refusal.partition()))
                .setPartition(channels.partition(refusal.partition()))
                .setOffset(refusal.offset())
                .setTimestamp(refusal.timestamp())
                .setStage(refusal.stage())
                .setView(refusal.view())
                .setReason(refusal.reason())
                .setDetail(detail(refusal))
                .setEntityKey(refusal.entityKey())
                .setEventTime(refusal.eventTime())
                .setKnownTime(refusal.knownTime())
                .setKey(buffer(refusal.key()))
                .setValue(buffer(refusal.value()))
                .build();
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, MAX_BYTES));
    }

    private static String detail(Refusal refusal) {
        String detail = refusal.detail();
        String shortened = detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL) + "…";
        return shortened + cut("key", refusal.key()) + cut("value", refusal.value());
    }

    private static String cut(String name, byte @Nullable [] bytes) {
        return bytes == null || bytes.length <= MAX_BYTES
                ? ""
                : "; the letter has the first " + MAX_BYTES + " of the " + name + "'s " + bytes.length
                        + " bytes, the raw table has all";
    }
}
