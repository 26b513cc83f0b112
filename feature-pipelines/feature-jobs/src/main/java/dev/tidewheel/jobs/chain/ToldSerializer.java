package dev.tidewheel.jobs.chain;

import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Records of a changelog as records of its topic. */
public final class ToldSerializer implements KafkaRecordSerializationSchema<ToldRecord> {
    private static final long serialVersionUID = 1L;

    private final String topic;

    public ToldSerializer(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            ToldRecord told, KafkaSinkContext context, @Nullable Long completeThrough) {
        return new ProducerRecord<>(
                topic, null, completeThrough, told.key().getBytes(StandardCharsets.UTF_8), told.value());
    }
}
