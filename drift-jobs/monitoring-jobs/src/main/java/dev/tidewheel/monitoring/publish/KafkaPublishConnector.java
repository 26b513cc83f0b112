package dev.tidewheel.monitoring.publish;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends to Kafka. */
public final class KafkaPublishConnector implements PublishConnector {
    private static final long serialVersionUID = 1L;

    private final String bootstrap;
    private final HashMap<String, String> properties;
    private final Duration deadline;

    /** @param deadline how long Kafka may refuse a record before the job fails and restores */
    public KafkaPublishConnector(KafkaConfig kafka, Duration deadline) {
        this.bootstrap = kafka.bootstrap();
        this.properties = new HashMap<>(kafka.properties());
        this.deadline = deadline;
    }

    @Override
    public Connection open() {
        return new Live(
                KafkaClients.producer(new KafkaConfig(bootstrap, properties), deadline, new ByteArraySerializer()));
    }

    private static final class Live implements Connection {
        private static final Duration CLOSING = Duration.ofSeconds(1);

        private final Producer<String, byte[]> producer;
        private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

        Live(Producer<String, byte[]> producer) {
            this.producer = producer;
        }

        @Override
        public void send(String topic, String key, byte[] value) {
            var unused = producer.send(new ProducerRecord<>(topic, key, value), (metadata, failed) -> {
                if (failed != null) {
                    failure.compareAndSet(null, failed);
                }
            });
        }

        @Override
        public void flush() {
            producer.flush();
            Exception failed = failure.get();
            if (failed != null) {
                throw new KafkaUnavailableException("metrics, alerts or a frontier were not confirmed", failed);
            }
        }

        @Override
        public void close() {
            producer.close(CLOSING);
        }
    }
}
