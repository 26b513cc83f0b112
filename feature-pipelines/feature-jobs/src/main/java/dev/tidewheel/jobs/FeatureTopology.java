package dev.tidewheel.jobs;

import dev.tidewheel.jobs.dead.DeadLetterSerializer;
import dev.tidewheel.jobs.dead.DecodeRefusals;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.raw.RawSink;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.Router;
import dev.tidewheel.jobs.source.KnownTimeWatermarks;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.jobs.source.SourceRecordDeserializer;
import dev.tidewheel.jobs.tile.StageConnector;
import dev.tidewheel.jobs.tile.StageSpec;
import dev.tidewheel.jobs.tile.TileOperatorFactory;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
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
 */
final class FeatureTopology {
    private final StreamExecutionEnvironment environment;
    private final FeatureJobConfig config;
    private final JobDefinition job;
    private final StageConnector connector;

    FeatureTopology(
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
    void build() {
        DataStream<SourceRecord> records = environment
                .fromSource(
                        source(),
                        KnownTimeWatermarks.strategy(job.horizonMillis()),
                        "read " + job.source().topic())
                .uid("source");
        RawSink.append(records, job.source(), job.columns(), config.warehouse());
        DataStream<Refusal> refusals = records.flatMap(new DecodeRefusals())
                .returns(TypeInformation.of(Refusal.class))
                .name("refused by decode")
                .uid("decode-refusals");
        for (JobDefinition.Entity entity : job.entities()) {
            refusals = refusals.union(stage(records, entity));
        }
        refusals.sinkTo(deadLetters()).name("dead letters").uid("dead-letters");
    }

    private KafkaSource<SourceRecord> source() {
        // The group only shows progress to Kafka's tools. Offsets come from checkpoints; without one, everything is
        // read.
        return KafkaSource.<SourceRecord>builder()
                .setProperties(kafkaProperties())
                .setBootstrapServers(config.kafka().bootstrap())
                .setTopics(job.source().topic())
                .setGroupId("tidewheel-" + config.project() + "-" + config.source())
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new SourceRecordDeserializer(job.source(), job.columns()))
                .build();
    }

    /** Returns what router and tiles refuse. */
    private DataStream<Refusal> stage(DataStream<SourceRecord> records, JobDefinition.Entity entity) {
        String name = entity.stage();
        SingleOutputStreamOperator<Routed> routed = records.transform(
                        "route " + name,
                        TypeInformation.of(Routed.class),
                        new Router(
                                name,
                                entity.columns(),
                                job.columns(),
                                config.flush().interval(),
                                config.inject()))
                .uid("router-" + name);
        DataStream<Refusal> tiles = routed.keyBy(Routed::key, Types.STRING)
                .transform(
                        "tiles " + name,
                        TypeInformation.of(Refusal.class),
                        new TileOperatorFactory(stageSpec(entity), connector))
                .uid("tiles-" + name);
        return tiles.union(routed.getSideOutput(Router.REFUSALS));
    }

    private StageSpec stageSpec(JobDefinition.Entity entity) {
        return new StageSpec(
                job.source().source(),
                entity.stage(),
                job.source().topic(),
                job.source().eventId() != null,
                job.horizonMillis(),
                entity.views(),
                config.flush().maxKeys(),
                config.flush().deadline());
    }

    private KafkaSink<Refusal> deadLetters() {
        return KafkaSink.<Refusal>builder()
                .setKafkaProducerConfig(kafkaProperties())
                .setBootstrapServers(config.kafka().bootstrap())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new DeadLetterSerializer(job.source().topic()))
                .build();
    }

    private Properties kafkaProperties() {
        Properties properties = new Properties();
        properties.putAll(config.kafka().properties());
        return properties;
    }
}
