package dev.tidewheel.jobs.dead;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Refusals as records of the topic of dead letters, keyed by where the source record stood. */
public final class DeadLetterSerializer implements KafkaRecordSerializationSchema<Refusal> {
    private static final long serialVersionUID = 1L;

    private final String sourceTopic;
    private transient @Nullable RecordSerde<DeadLetter> serde;

    /** @param sourceTopic the topic that the refused records came from */
    public DeadLetterSerializer(String sourceTopic) {
        this.sourceTopic = sourceTopic;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
        serde = RecordSerde.of(DeadLetter.class);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Refusal refusal, KafkaSinkContext context, @Nullable Long timestamp) {
        String key = sourceTopic + "/" + refusal.partition() + "/" + refusal.offset();
        // The timestamp of the letter is the broker's business: the source record's may be years old.
        return new ProducerRecord<>(
                Topics.DEAD_LETTERS,
                key.getBytes(StandardCharsets.UTF_8),
                Objects.requireNonNull(serde, "not open").encode(letter(refusal)));
    }

    private DeadLetter letter(Refusal refusal) {
        return DeadLetter.newBuilder()
                .setTopic(sourceTopic)
                .setPartition(refusal.partition())
                .setOffset(refusal.offset())
                .setTimestamp(refusal.timestamp())
                .setStage(refusal.stage())
                .setView(refusal.view())
                .setReason(refusal.reason())
                .setDetail(refusal.detail())
                .setEntityKey(refusal.entityKey())
                .setEventTime(refusal.eventTime())
                .setKnownTime(refusal.knownTime())
                .setKey(buffer(refusal.key()))
                .setValue(buffer(refusal.value()))
                .build();
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
