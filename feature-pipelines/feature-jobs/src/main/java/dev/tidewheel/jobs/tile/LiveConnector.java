package dev.tidewheel.jobs.tile;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisStoreConfig;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Values to Redis, frontiers to Kafka. */
public final class LiveConnector implements StageConnector {
    private static final long serialVersionUID = 1L;
    private static final int TRIES = 5;

    private final String bootstrap;
    private final HashMap<String, String> kafkaProperties;
    private final URI redis;
    private final Duration redisDeadline;
    private final RedisStoreConfig.Topology topology;
    private final @Nullable Duration tombstoneLife;
    private final String project;
    private final Duration kafkaDeadline;

    /**
     * @param project part of every key in Redis
     * @param deadline how long Kafka may refuse a frontier
     */
    public LiveConnector(KafkaConfig kafka, RedisConfig redis, String project, Duration deadline) {
        this.bootstrap = kafka.bootstrap();
        this.kafkaProperties = new HashMap<>(kafka.properties());
        // A request that gets lost is to be repeated within the deadline, not at its end.
        this.kafkaProperties.putIfAbsent(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(Math.max(1, deadline.toMillis() / TRIES)));
        this.redis = redis.uri();
        this.redisDeadline = redis.deadline();
        this.topology = switch (redis.topology()) {
            case STANDALONE -> RedisStoreConfig.Topology.STANDALONE;
            case CLUSTER -> RedisStoreConfig.Topology.CLUSTER;
        };
        this.tombstoneLife = redis.tombstoneLife().orElse(null);
        this.project = project;
        this.kafkaDeadline = deadline;
    }

    @Override
    public Connection open() {
        KafkaConfig kafka = new KafkaConfig(bootstrap, kafkaProperties);
        RedisFeatureStore store = new RedisFeatureStore(storeConfig());
        try {
            return new Live(store, KafkaClients.producer(kafka, kafkaDeadline, RecordSerde.of(Frontier.class)));
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    RedisStoreConfig storeConfig() {
        return new RedisStoreConfig(
                redis,
                project,
                redisDeadline,
                RedisStoreConfig.BATCH_KEYS,
                topology,
                Optional.ofNullable(tombstoneLife));
    }

    private record Live(RedisFeatureStore store, Producer<String, Frontier> producer) implements Connection {
        private static final Duration CLOSING = Duration.ofSeconds(1);

        @Override
        public FeatureWriter writer() {
            return store;
        }

        @Override
        public CompletionStage<String> storeIdentity() {
            return store.identity().thenApply(identity -> identity.runId() + "/" + identity.replicationId());
        }

        @Override
        public CompletionStage<Void> publish(Frontier frontier) {
            String key = frontier.getJob() + "/" + frontier.getStage() + "/" + frontier.getSubtask();
            CompletableFuture<Void> sent = new CompletableFuture<>();
            var unused = producer.send(new ProducerRecord<>(Topics.FRONTIERS, key, frontier), (metadata, failure) -> {
                if (failure == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(failure);
                }
            });
            return sent;
        }

        @Override
        public void close() {
            try (store) {
                producer.close(CLOSING);
            }
        }
    }
}
