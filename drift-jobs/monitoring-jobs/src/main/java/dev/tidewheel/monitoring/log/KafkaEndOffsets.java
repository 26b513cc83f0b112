package dev.tidewheel.monitoring.log;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Asks the brokers. */
public final class KafkaEndOffsets implements EndOffsets {
    private static final long serialVersionUID = 1L;

    private final String bootstrap;
    private final HashMap<String, String> properties;
    private final Duration deadline;

    /** @param deadline of each question */
    public KafkaEndOffsets(KafkaConfig kafka, Duration deadline) {
        this.bootstrap = kafka.bootstrap();
        this.properties = new HashMap<>(kafka.properties());
        this.deadline = deadline;
    }

    @Override
    public Connection open() {
        return new Live(KafkaClients.bytesConsumer(new KafkaConfig(bootstrap, properties), deadline), deadline);
    }

    private record Live(Consumer<byte[], byte[]> consumer, Duration deadline) implements Connection {
        @Override
        public Offsets of(Set<Log> logs) {
            List<TopicPartition> partitions = logs.stream()
                    .flatMap(log -> consumer.partitionsFor(log.topic(), deadline).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            // Never polled; but a consumer complains about ends of what it is not assigned to.
            consumer.assign(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, deadline);
            Offsets ends = new Offsets();
            consumer.endOffsets(partitions, deadline).forEach((partition, end) -> {
                // What retention has emptied is never read, and nobody may wait for it.
                if (end > beginnings.getOrDefault(partition, 0L)) {
                    ends.set(Log.of(partition.topic()), partition.partition(), end);
                }
            });
            return ends;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
