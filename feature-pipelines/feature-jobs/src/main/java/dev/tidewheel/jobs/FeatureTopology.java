package dev.tidewheel.jobs;

import dev.tidewheel.jobs.changelog.ChangelogOperator;
import dev.tidewheel.jobs.dead.DeadLetterSerializer;
import dev.tidewheel.jobs.dead.DecodeRefusals;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.raw.RawSink;
import dev.tidewheel.jobs.retention.KafkaTopicLog;
import dev.tidewheel.jobs.retention.RetentionWatch;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.RoutedType;
import dev.tidewheel.jobs.route.Router;
import dev.tidewheel.jobs.source.FromTheBeginning;
import dev.tidewheel.jobs.source.KnownTimeWatermarks;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.jobs.source.SourceRecordDeserializer;
import dev.tidewheel.jobs.tile.StageConnector;
import dev.tidewheel.jobs.tile.StageSpec;
import dev.tidewheel.jobs.tile.TileOperatorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job's graph:
 *
 * <pre>
 *  Kafka ─► decode ─┬─► raw rows ─► Iceberg
 *                   ├─► router of entity 1 ─keyBy─► tiles 1 ─► store, frontiers
 *                   ├─► router of entity 2 ─keyBy─► tiles 2 ─► store, frontiers
 *                   └─► refusals ─┬─► dead letters
 *                 (routers, tiles)┘
 * </pre>
 *
 * <p>Everything up to the routers is one chain without serialisation.
 *
 * <p>Each {@linkplain JobDefinition.Cohort cohort} is the same picture once more, without raw rows, with its number behind
 * every name and uid: the main pipeline finds its state under the names that it always had, and goes on.
 */
public final class FeatureTopology {
    /** The suffix of the main pipeline's names. */
    private static final String MAIN = "";

    private final StreamExecutionEnvironment environment;
    private final FeatureJobConfig config;
    private final JobDefinition job;
    private final StageConnector connector;

    /**
     * @param environment with the settings of {@link JobSettings}
     * @param connector to the online store and the frontiers
     */
    public FeatureTopology(
            StreamExecutionEnvironment environment,
            FeatureJobConfig config,
            JobDefinition job,
            StageConnector connector) {
        this.environment = environment;
        this.config = config;
        this.job = job;
        this.connector = connector;
    }

    /** Adds the graph to the environment, and creates the raw table if it is missing. */
    public void build() {
        DataStream<SourceRecord> records = records(job, MAIN);
        RawSink.append(records, job.source(), job.columns(), config.warehouse());
        serve(records);
    }

    /** Adds only the way to the online store, without the raw table: to measure the two apart. */
    public void buildServing() {
        serve(records(job, MAIN));
    }

    private void serve(DataStream<SourceRecord> records) {
        List<DataStream<Refusal>> refusals = new ArrayList<>();
        refusals.add(decodeRefusals(records, MAIN));
        refusals.add(watch(records, job, MAIN));
        refusals.addAll(stages(job, records, MAIN));
        job.cohorts().forEach(cohort -> refusals.addAll(cohort(cohort)));
        refusals.stream()
                .reduce((some, others) -> some.union(others))
                .orElseThrow()
                .sinkTo(deadLetters())
                .name("dead letters")
                .uid("dead-letters");
    }

    /** A pipeline beside the main one. Raw rows are the main one's business, and so is what neither can decode. */
    private List<DataStream<Refusal>> cohort(JobDefinition.Cohort cohort) {
        DataStream<SourceRecord> records = records(cohort.job(), cohort.suffix());
        List<DataStream<Refusal>> refusals = stages(cohort.job(), records, cohort.suffix());
        refusals.add(watch(records, cohort.job(), cohort.suffix()));
        if (!cohort.job().source().equals(job.source())) {
            refusals.add(decodeRefusals(records, cohort.suffix()));
        }
        return refusals;
    }

    private DataStream<SourceRecord> records(JobDefinition of, String suffix) {
        return environment
                .fromSource(
                        source(of, suffix),
                        KnownTimeWatermarks.strategy(
                                of.horizonMillis(),
                                of.source().watermarkDelay(),
                                of.source().idle()),
                        "read " + String.join(", ", of.source().topicNames()) + suffix)
                .uid("source" + suffix);
    }

    /** Refuses nothing; a stream of its kind only because every operator has to end somewhere. */
    private DataStream<Refusal> watch(DataStream<SourceRecord> records, JobDefinition of, String suffix) {
        return records.transform(
                        "retention" + suffix,
                        TypeInformation.of(Refusal.class),
                        new RetentionWatch(
                                of.source().source() + suffix,
                                of.source().channels(),
                                new KafkaTopicLog(config.kafka(), of.source().channels())))
                .uid("retention" + suffix);
    }

    /** The records with the rows that they really take away, where the source does not say it itself. */
    private static DataStream<SourceRecord> normalised(
            JobDefinition of, DataStream<SourceRecord> records, String suffix) {
        return of.source().hasChangelog()
                ? records.transform(
                                "changelog" + suffix,
                                TypeInformation.of(SourceRecord.class),
                                new ChangelogOperator(of.source(), of.columns()))
                        .uid("changelog" + suffix)
                : records;
    }

    private static DataStream<Refusal> decodeRefusals(DataStream<SourceRecord> records, String suffix) {
        return records.flatMap(new DecodeRefusals("decode" + suffix))
                .returns(TypeInformation.of(Refusal.class))
                .name("refused by decode" + suffix)
                .uid("decode-refusals" + suffix);
    }

    /** What each stage of a pipeline refuses. */
    private List<DataStream<Refusal>> stages(JobDefinition of, DataStream<SourceRecord> records, String suffix) {
        List<DataStream<Refusal>> refusals = new ArrayList<>();
        DataStream<SourceRecord> rows = normalised(of, records, suffix);
        for (JobDefinition.Entity entity : of.entities()) {
            refusals.add(stage(of, rows, entity, suffix));
        }
        return refusals;
    }

    private KafkaSource<SourceRecord> source(JobDefinition of, String suffix) {
        // The group only shows progress to Kafka's tools. Offsets come from checkpoints; without one, everything is
        // read.
        return KafkaSource.<SourceRecord>builder()
                .setProperties(kafkaProperties())
                .setBootstrapServers(config.kafka().bootstrap())
                .setTopics(of.source().topicNames())
                .setGroupId("tidewheel-" + config.project() + "-" + config.source() + suffix)
                .setStartingOffsets(new FromTheBeginning())
                .setDeserializer(new SourceRecordDeserializer(
                        of.source(), of.columns(), config.schemaRegistry().orElse(null)))
                .build();
    }

    /** Returns what router and tiles refuse. */
    private DataStream<Refusal> stage(
            JobDefinition of, DataStream<SourceRecord> records, JobDefinition.Entity entity, String suffix) {
        String name = entity.stage() + suffix;
        SingleOutputStreamOperator<Routed> routed = records.transform(
                        "route " + name,
                        new RoutedType(of.source().topicNames().get(0)),
                        new Router(
                                name,
                                entity.columns(),
                                of.columns(),
                                config.flush().interval(),
                                config.inject()))
                .uid("router-" + name);
        DataStream<Refusal> tiles = routed.keyBy(Routed::key, Types.STRING)
                .transform(
                        "tiles " + name,
                        TypeInformation.of(Refusal.class),
                        new TileOperatorFactory(stageSpec(of, name, entity), connector))
                .uid("tiles-" + name);
        return tiles.union(routed.getSideOutput(Router.REFUSALS));
    }

    private StageSpec stageSpec(JobDefinition of, String name, JobDefinition.Entity entity) {
        return new StageSpec(
                of.source().source(),
                name,
                of.source().channels(),
                of.source().declaresIds(),
                of.horizonMillis(),
                entity.views(),
                config.flush().maxKeys(),
                config.flush().deadline());
    }

    private KafkaSink<Refusal> deadLetters() {
        return KafkaSink.<Refusal>builder()
                .setKafkaProducerConfig(kafkaProperties())
                .setBootstrapServers(config.kafka().bootstrap())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new DeadLetterSerializer(job.source().channels()))
                .build();
    }

    private Properties kafkaProperties() {
        Properties properties = new Properties();
        properties.putAll(config.kafka().properties());
        return properties;
    }
}
