package dev.tidewheel.lifecycle.streams;

import dev.tidewheel.runtime.config.KafkaConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;

/** Kafka Streams' properties, each with its reason. */
public final class StreamsSettings {
    private static final int COMMIT_MILLIS = 20;
    private static final int POLL_MILLIS = 10;
    private static final int SESSION_MILLIS = 10_000;
    private static final int TRANSACTION_MILLIS = 10_000;

    private StreamsSettings() {}

    public static Properties of(KafkaConfig kafka, String applicationId, Path stateDir) {
        Map<String, Object> all = new HashMap<>();
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        all.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
        all.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        // One decision per event, whatever dies when.
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // A decision becomes visible at the commit, and a replay waits for each.
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
        // What was processed is committed between two polls, and a poll waits so long for more: by default 0.1 s, in
        // which
        // nobody sees the last decision.
        all.put(StreamsConfig.POLL_MS_CONFIG, POLL_MILLIS);
        // Few events: one thread serves all partitions.
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        // No RocksDB on the class path: whoever adds a store without saying which gets one in memory.
        all.put(
                StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
                BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class);
        // Records tell their own time; a topic's may be a story's, or missing.
        all.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, WallclockTimestampExtractor.class);
        // Never asked: bytes are always bytes. If it is, something is wired wrongly.
        all.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndFailExceptionHandler.class);
        // The processors make dead letters of what cannot be used. What they throw is a fault of theirs, and to skip
        // the
        // record would leave an event without a decision.
        all.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndFailProcessingExceptionHandler.class);
        // A process that died without a word is replaced after this; its open transaction is aborted, too.
        all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_MILLIS / 5);
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        // What the user says about Kafka's clients wins.
        all.putAll(kafka.properties());
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }
}
