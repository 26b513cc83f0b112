package dev.tidewheel.runtime.kafka;

import dev.tidewheel.runtime.config.KafkaConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka clients whose every call ends within a deadline. The caller closes them. */
public final class KafkaClients {
    private KafkaClients() {}

    /**
     * A producer that loses and repeats nothing while it lives: acknowledged by all replicas, idempotent. A record is
     * delivered or failed within the deadline, and {@code send} blocks no longer than that.
     */
    public static <T> Producer<String, T> producer(KafkaConfig kafka, Duration deadline, Serializer<T> values) {
        return new KafkaProducer<>(writing(kafka, deadline), new StringSerializer(), values);
    }

    /** As {@link #producer}, for records that are handed on as they came. */
    public static Producer<byte[], byte[]> bytesProducer(KafkaConfig kafka, Duration deadline) {
        return new KafkaProducer<>(writing(kafka, deadline), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Map<String, Object> writing(KafkaConfig kafka, Duration deadline) {
        // Half of it for one request, so that there is time for another.
        Map<String, Object> properties = common(kafka, deadline.dividedBy(2));
        properties.putIfAbsent(ProducerConfig.ACKS_CONFIG, "all");
        properties.putIfAbsent(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) deadline.toMillis());
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, deadline.toMillis());
        return properties;
    }

    /**
     * A consumer outside any group: the caller assigns partitions and keeps positions itself. Starts at the beginning
     * where it has no position. Closing it waits for nothing.
     */
    public static <T> Consumer<String, T> consumer(KafkaConfig kafka, Duration deadline, Deserializer<T> values) {
        return new Ungrouped<>(reading(kafka, deadline), new StringDeserializer(), values);
    }

    /** As {@link #consumer}, with keys and values as they came: for those who must survive damaged records. */
    public static Consumer<byte[], byte[]> bytesConsumer(KafkaConfig kafka, Duration deadline) {
        return new Ungrouped<>(reading(kafka, deadline), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Has no group to take leave of, so it goes at once: an ordinary close waits behind the fetch that waits for records,
     * half a second where none come.
     */
    private static final class Ungrouped<K, V> extends KafkaConsumer<K, V> {
        Ungrouped(Map<String, Object> properties, Deserializer<K> keys, Deserializer<V> values) {
            super(properties, keys, values);
        }

        @Override
        public void close() {
            close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static Map<String, Object> reading(KafkaConfig kafka, Duration deadline) {
        Map<String, Object> properties = common(kafka, deadline);
        properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.putIfAbsent(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.putIfAbsent(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return properties;
    }

    /** What all clients share; a mutable copy. */
    static Map<String, Object> common(KafkaConfig kafka, Duration deadline) {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        int millis = Math.toIntExact(deadline.toMillis());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
        properties.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis);
        properties.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        properties.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return properties;
    }
}
