package dev.tidewheel.jobs.log;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.jobs.FeatureJobConfig.Lost;
import dev.tidewheel.jobs.retention.TopicLog;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.jobs.source.SourceRecordDeserializer;
import java.io.IOException;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumStateSerializer;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaRecordEmitter;
import org.apache.flink.connector.kafka.source.reader.KafkaSourceReader;
import org.apache.flink.connector.kafka.source.reader.fetcher.KafkaSourceFetcherManager;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Flink's Kafka source whose topics have lost nothing that the raw table has: a partition is read from the table as long
 * as Kafka does not have the next offset any more, and from Kafka from there on. Which of the two it is follows from the
 * offset alone, so the state of the source is Kafka's (a partition and its next offset), savepoints of it go on as they
 * did, and each partition goes over by itself. See docs/decisions/the-table-is-the-topics-beginning.md.
 *
 * <p>What was imported into the table when the job was built is read by a source that begins. One that goes on reads the
 * imports that it knows, and no later one: its values would change for no reason that its offsets tell.
 */
public final class LogSource
        implements Source<SourceRecord, KafkaPartitionSplit, KafkaSourceEnumState>, ResultTypeQueryable<SourceRecord> {
    private static final long serialVersionUID = 1L;

    private final Properties properties;
    private final SourceRecordDeserializer deserializer;
    private final Channels channels;
    private final KeptLog kept;
    private final TopicLog ends;
    private final Lost lost;

    /**
     * @param client how to reach Kafka
     * @param group shows progress to Kafka's tools. Offsets come from checkpoints; without one, everything is read
     * @param channels of the topics
     * @param kept what the raw table has of the topics
     * @param ends knows which offsets Kafka still has
     * @param lost what to do about offsets that neither has
     */
    public LogSource(
            Properties client,
            String group,
            Channels channels,
            SourceRecordDeserializer deserializer,
            KeptLog kept,
            TopicLog ends,
            Lost lost) {
        this.properties = properties(client, group, start(kept));
        this.deserializer = deserializer;
        this.channels = channels;
        this.kept = kept;
        this.ends = ends;
        this.lost = lost;
    }

    private static FromTheBeginning start(KeptLog kept) {
        return new FromTheBeginning(kept.begins());
    }

    /** @param imports that are read beside the topics */
    private KafkaSource<SourceRecord> kafka(Set<TopicPartition> imports) {
        return KafkaSource.<SourceRecord>builder()
                .setProperties(properties)
                .setKafkaSubscriber(new TopicsAndImports(channels.topics(), imports))
                .setStartingOffsets(start(kept))
                .setDeserializer(deserializer)
                .build();
    }

    /** What Flink's builder would set for its own readers; ours get the same. */
    private static Properties properties(Properties client, String group, FromTheBeginning start) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.setProperty(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.setProperty("client.id.prefix", group);
        properties.setProperty(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.setProperty(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.setProperty(
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                start.getAutoOffsetResetStrategy().name().toLowerCase(Locale.ROOT));
        return properties;
    }

    @Override
    public SourceReader<SourceRecord, KafkaPartitionSplit> createReader(SourceReaderContext context) {
        deserializer.open(new InitializationContext() {
            @Override
            public MetricGroup getMetricGroup() {
                return context.metricGroup().addGroup("deserializer");
            }

            @Override
            public UserCodeClassLoader getUserCodeClassLoader() {
                return context.getUserCodeClassLoader();
            }
        });
        FutureCompletingBlockingQueue<RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>>> queue =
                new FutureCompletingBlockingQueue<>();
        KafkaSourceReaderMetrics metrics = new KafkaSourceReaderMetrics(context.metricGroup());
        Configuration settings = new Configuration();
        properties.stringPropertyNames().forEach(name -> settings.setString(name, properties.getProperty(name)));
        return new KafkaSourceReader<>(
                queue,
                new KafkaSourceFetcherManager(
                        queue,
                        () -> new LogSplitReader(properties, context, metrics, channels, kept, ends, lost),
                        finished -> {}),
                new KafkaRecordEmitter<>(deserializer),
                settings,
                context,
                metrics);
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        return kafka(kept.imports().keySet()).createEnumerator(context);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state) throws IOException {
        return kafka(imports(state, kept)).restoreEnumerator(context, state);
    }

    /** Those of a state; all if it was taken before anything was given out, so that it is as if the source began. */
    static Set<TopicPartition> imports(KafkaSourceEnumState state, KeptLog kept) {
        if (!state.initialDiscoveryFinished()) {
            return kept.imports().keySet();
        }
        return state.splits().stream()
                .map(split -> split.split().getTopicPartition())
                .filter(partition -> Channels.isImport(partition.partition()))
                .collect(Collectors.toSet());
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return new KafkaPartitionSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
        return new KafkaSourceEnumStateSerializer();
    }

    @Override
    public TypeInformation<SourceRecord> getProducedType() {
        return deserializer.getProducedType();
    }
}
