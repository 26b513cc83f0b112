package dev.tidewheel.benchmarks;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.store.redis.RedisServerFixture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What all benchmarks run on: a broker in this JVM, a Redis server beside it, a folder for checkpoints. */
final class Platform implements AutoCloseable {
    private final KafkaBrokerFixture kafka = new KafkaBrokerFixture();
    private final RedisServerFixture redis = new RedisServerFixture();
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final Path folder;

    Platform() {
        kafka.start();
        kafka.createOwnTopics();
        redis.start();
        client = RedisClient.create(redis.uri().toString());
        connection = client.connect();
        try {
            folder = Files.createTempDirectory("tidewheel-benchmark");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    KafkaConfig kafka() {
        return kafka.config();
    }

    URI redisUri() {
        return redis.uri();
    }

    Path folder() {
        return folder;
    }

    /** Forgets everything that was written to Redis. */
    void clearRedis() {
        connection.sync().flushall();
    }

    /** A number of Redis' INFO. */
    double redisInfo(String section, String field) {
        return connection
                .sync()
                .info(section)
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line ->
                        Double.parseDouble(line.substring(field.length() + 1).strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Redis' INFO " + section + " has no " + field));
    }

    /** The CPU time that Redis has taken so far, in seconds. */
    double redisCpuSeconds() {
        return redisInfo("cpu", "used_cpu_user") + redisInfo("cpu", "used_cpu_sys");
    }

    /** The bytes that Redis has received so far. */
    double redisBytes() {
        return redisInfo("stats", "total_net_input_bytes");
    }

    /** Writes a workload to a new topic. */
    void load(String topic, Workload workload) {
        load(topic, workload, workload.events());
    }

    /** Writes so many of the first events to a new topic. */
    void load(String topic, Workload workload, long events) {
        kafka.createTopic(topic, Workload.PARTITIONS);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of(
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.BATCH_SIZE_CONFIG,
                1 << 18,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "none"))) {
            EventBytes bytes = new EventBytes();
            for (long event = 0; event < events; event++) {
                var unused = producer.send(record(topic, workload, event, bytes));
            }
            producer.flush();
        }
    }

    static ProducerRecord<byte[], byte[]> record(String topic, Workload workload, long event, EventBytes bytes) {
        long time = workload.eventTime(event);
        byte[] value = bytes.of(time, workload.key(event), workload.amount(event));
        return new ProducerRecord<>(topic, Workload.partition(event), time, null, value);
    }

    void createTopic(String topic) {
        kafka.createTopic(topic, Workload.PARTITIONS);
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> properties = new java.util.HashMap<>(settings);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
        redis.close();
        kafka.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
