package dev.tidewheel.jobs;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Handover;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.chain.ChainOperator;
import dev.tidewheel.jobs.chain.ChainSpec;
import dev.tidewheel.jobs.chain.Completeness;
import dev.tidewheel.jobs.chain.ToldRecord;
import dev.tidewheel.jobs.chain.ToldSerializer;
import dev.tidewheel.jobs.chain.UpstreamKeys;
import dev.tidewheel.jobs.changelog.ChangelogOperator;
import dev.tidewheel.jobs.dead.DeadLetterSerializer;
import dev.tidewheel.jobs.dead.DecodeRefusals;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.log.LogSource;
import dev.tidewheel.jobs.raw.RawLog;
import dev.tidewheel.jobs.raw.RawSink;
import dev.tidewheel.jobs.raw.RawTable;
import dev.tidewheel.jobs.retention.KafkaTopicLog;
import dev.tidewheel.jobs.retention.RetentionWatch;
import dev.tidewheel.jobs.route.KeyedChange;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.RoutedType;
import dev.tidewheel.jobs.route.Router;
import dev.tidewheel.jobs.source.ColumnsSince;
import dev.tidewheel.jobs.source.HandedOver;
import dev.tidewheel.jobs.source.KnownTimeWatermarks;
import dev.tidewheel.jobs.source.LaterColumns;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.jobs.source.SourceRecordDeserializer;
import dev.tidewheel.jobs.tile.FlushLimits;
import dev.tidewheel.jobs.tile.StageConnector;
import dev.tidewheel.jobs.tile.StageSpec;
import dev.tidewheel.jobs.tile.TileOperatorFactory;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.kafka.TopicCreator;
import dev.tidewheel.runtime.kafka.TopicSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.function.SerializableSupplier;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The job's graph:
 *
 * <pre>
 *  Kafka ─► decode ─┬─► raw rows ─► Iceberg ··· and from there what Kafka has lost
 *                   ├─► router of entity 1 ─keyBy─► tiles 1 ─► store, frontiers
 *                   ├─► router of entity 2 ─keyBy─► tiles 2 ─► store, frontiers
 *                   └─► refusals ─┬─► dead letters
 *                 (routers, tiles)┘
 * </pre>
 *
 * <p>Everything up to the routers is one chain without serialisation.
 *
 * <p>The job of a view's changelog writes its own topic, for every changelog that one of its pipelines reads:
 *
 * <pre>
 *  Kafka (what the view reads) ─► decode ─keyBy─► tell ─keyBy─► complete ─► Kafka (the changelog)
 * </pre>
 *
 * <p>Each {@linkplain JobDefinition.Cohort cohort} is the same picture once more, without raw rows, with its number behind
 * every name and uid: the main pipeline finds its state under the names that it always had, and goes on.
 */
public final class FeatureTopology {
    /** The suffix of the main pipeline's names. */
    private static final String MAIN = "";

    private static final long REFUSALS_WAIT_MILLIS = 100;

    private final StreamExecutionEnvironment environment;
    private final FeatureJobConfig config;
    private final JobDefinition job;
    private final StageConnector connector;
    /** By the suffix of the pipeline, so that all its operators know the same imports. */
    private final Map<String, RawLog> kept = new HashMap<>();

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
        createChangelogs();
        job.chains().forEach(this::chain);
        job.otherTopics().forEach(this::keepRaw);
        List<DataStream<Refusal>> refusals = new ArrayList<>();
        if (job.hasMain()) {
            DataStream<SourceRecord> records = records(job, MAIN);
            RawSink.append(records, job.source(), job.columns(), config.warehouse(), job.ofChangelogs(), MAIN);
            refusals.addAll(main(asInTheTable(records, job.source(), job.columns(), MAIN)));
        }
        serve(refusals);
    }

    private void createChangelogs() {
        List<TopicSpec> topics = job.chains().stream()
                .map(chain -> config.changelog().topic(chain.topic()))
                .toList();
        if (!topics.isEmpty()) {
            new TopicCreator(config.kafka(), config.flush().deadline()).ensure(topics);
        }
    }

    /**
     * Tells the changelog of a view. Its operators are named by its topic, not by a pipeline that reads it, so that it goes on
     * whichever of them come and go.
     */
    private void chain(ChainSpec chain) {
        String suffix = "#" + chain.id();
        RawTable.requireColumns(
                config.warehouse(), chain.origin().source(), chain.columns().get());
        DataStream<SourceRecord> records = asInTheTable(
                records(chain.origin(), chain.horizonMillis(), chain.columns(), suffix),
                chain.origin(),
                chain.columns(),
                suffix);
        SingleOutputStreamOperator<ToldRecord> told = normalised(chain.origin(), chain.columns(), records, suffix)
                .flatMap(new UpstreamKeys(chain.plan()))
                .returns(TypeInformation.of(KeyedChange.class))
                .name("keys of " + chain.view())
                .uid("chain-keys" + suffix)
                .keyBy(KeyedChange::key, Types.STRING)
                .transform("tell " + chain.view(), TypeInformation.of(ToldRecord.class), new ChainOperator(chain))
                .uid("chain" + suffix);
        told.keyBy(ToldRecord::key, Types.STRING)
                .transform(
                        "complete " + chain.view(),
                        TypeInformation.of(ToldRecord.class),
                        new Completeness(chain.view()))
                .uid("chain-complete" + suffix)
                .sinkTo(changelog(chain))
                .name("changelog of " + chain.view())
                .uid("chain-topic" + suffix);
        letters(
                told.getSideOutput(ChainOperator.REFUSALS).union(watch(records, chain.origin(), suffix)),
                chain.origin(),
                suffix);
    }

    private KafkaSink<ToldRecord> changelog(ChainSpec chain) {
        return KafkaSink.<ToldRecord>builder()
                .setKafkaProducerConfig(kafkaProperties())
                .setBootstrapServers(config.kafka().bootstrap())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new ToldSerializer(chain.topic()))
                .build();
    }

    /** The raw rows of a changelog that only cohorts read: by a reader of its own, that lives as long as its topic. */
    private void keepRaw(JobDefinition of) {
        String suffix = "#raw-" + String.join("+", of.source().topicNames());
        DataStream<SourceRecord> records = records(of.source(), of.horizonMillis(), of.columns(), suffix);
        RawSink.append(records, of.source(), of.columns(), config.warehouse(), job.ofChangelogs(), suffix);
    }

    /** Adds only the way to the online store, without the raw table: to measure the two apart. */
    public void buildServing() {
        serve(main(records(job, MAIN)));
    }

    private List<DataStream<Refusal>> main(DataStream<SourceRecord> records) {
        List<DataStream<Refusal>> refusals = stages(job, records, MAIN);
        refusals.add(decodeRefusals(records, MAIN));
        refusals.add(watch(records, job.source(), MAIN));
        return refusals;
    }

    /** @param main what the main pipeline refuses */
    private void serve(List<DataStream<Refusal>> main) {
        List<DataStream<Refusal>> refusals = new ArrayList<>(main);
        for (JobDefinition.Cohort cohort : job.cohorts()) {
            if (cohort.job().source().channels().equals(job.source().channels())) {
                refusals.addAll(cohort(cohort));
            } else {
                letters(united(cohort(cohort)), cohort.job().source(), cohort.suffix());
            }
        }
        if (!refusals.isEmpty()) {
            letters(united(refusals), job.source(), MAIN);
        }
    }

    private static DataStream<Refusal> united(List<DataStream<Refusal>> refusals) {
        return refusals.stream().reduce((some, others) -> some.union(others)).orElseThrow();
    }

    private void letters(DataStream<Refusal> refusals, SourceLayout of, String suffix) {
        refusals.sinkTo(deadLetters(of)).name("dead letters" + suffix).uid("dead-letters" + suffix);
    }

    /**
     * A pipeline beside the main one. Raw rows are the main one's business, and so is what neither can decode; not so of
     * imports, which the main one need not have.
     */
    private List<DataStream<Refusal>> cohort(JobDefinition.Cohort cohort) {
        JobDefinition of = cohort.job();
        DataStream<SourceRecord> records =
                asInTheTable(records(of, cohort.suffix()), of.source(), of.columns(), cohort.suffix());
        List<DataStream<Refusal>> refusals = stages(of, records, cohort.suffix());
        refusals.add(watch(records, of.source(), cohort.suffix()));
        if (!of.source().equals(job.source())) {
            refusals.add(decodeRefusals(records, cohort.suffix()));
        } else if (!imports(of, cohort.suffix()).isEmpty()) {
            refusals.add(decodeRefusals(imported(records, of.source(), cohort.suffix()), cohort.suffix()));
        }
        return refusals;
    }

    /** What is imported: a pipeline that has begun before goes on without, and tells nothing of it. */
    private static DataStream<SourceRecord> imported(
            DataStream<SourceRecord> records, SourceLayout source, String suffix) {
        Channels channels = source.channels();
        return records.filter(record -> Channels.isImport(channels.partition(record.partition())))
                .name("imported" + suffix)
                .uid("imported" + suffix);
    }

    private DataStream<SourceRecord> records(JobDefinition of, String suffix) {
        return records(of.source(), of.horizonMillis(), of.columns(), suffix);
    }

    private DataStream<SourceRecord> records(
            SourceLayout source, long horizonMillis, SerializableSupplier<RowSchema> columns, String suffix) {
        return environment
                .fromSource(
                        source(source, columns, suffix),
                        KnownTimeWatermarks.strategy(horizonMillis, source.watermarkDelay(), source.idle()),
                        "read " + String.join(", ", source.topicNames()) + suffix)
                .uid("source" + suffix);
    }

    /** The records that count, without the values that the raw table does not have of them. */
    private DataStream<SourceRecord> asInTheTable(
            DataStream<SourceRecord> records,
            SourceLayout source,
            SerializableSupplier<RowSchema> columns,
            String suffix) {
        ColumnsSince since = RawTable.since(config.warehouse(), source.source());
        DataStream<SourceRecord> theirs = since.isEmpty()
                ? records
                : records.map(new LaterColumns(source, columns, since))
                        .returns(TypeInformation.of(SourceRecord.class))
                        .name("later columns" + suffix)
                        .uid("later-columns" + suffix);
        return source.handover() instanceof Handover.KnownTime
                ? theirs.map(new HandedOver(source))
                        .returns(TypeInformation.of(SourceRecord.class))
                        .name("handed over" + suffix)
                        .uid("handed-over" + suffix)
                : theirs;
    }

    /** Refuses nothing; a stream of its kind only because every operator has to end somewhere. */
    private DataStream<Refusal> watch(DataStream<SourceRecord> records, SourceLayout source, String suffix) {
        return unhurried(records.transform(
                        "retention" + suffix,
                        TypeInformation.of(Refusal.class),
                        new RetentionWatch(
                                source.source() + suffix,
                                source.channels(),
                                new KafkaTopicLog(config.kafka(), source.channels())))
                .uid("retention" + suffix));
    }

    /** The records with the rows that they really take away, where the source does not say it itself. */
    private static DataStream<SourceRecord> normalised(
            SourceLayout source,
            SerializableSupplier<RowSchema> columns,
            DataStream<SourceRecord> records,
            String suffix) {
        return source.hasChangelog()
                ? records.transform(
                                "changelog" + suffix,
                                TypeInformation.of(SourceRecord.class),
                                new ChangelogOperator(source, columns))
                        .uid("changelog" + suffix)
                : records;
    }

    private DataStream<Refusal> decodeRefusals(DataStream<SourceRecord> records, String suffix) {
        return unhurried(records.flatMap(new DecodeRefusals("decode" + suffix))
                .returns(TypeInformation.of(Refusal.class))
                .name("refused by decode" + suffix)
                .uid("decode-refusals" + suffix));
    }

    /** What each stage of a pipeline refuses. */
    private List<DataStream<Refusal>> stages(JobDefinition of, DataStream<SourceRecord> records, String suffix) {
        List<DataStream<Refusal>> refusals = new ArrayList<>();
        DataStream<SourceRecord> rows = normalised(of.source(), of.columns(), records, suffix);
        for (JobDefinition.Entity entity : of.entities()) {
            refusals.add(stage(of, rows, entity, suffix));
        }
        return refusals;
    }

    private LogSource source(SourceLayout source, SerializableSupplier<RowSchema> columns, String suffix) {
        return new LogSource(
                kafkaProperties(),
                "tidewheel-" + config.project() + "-" + config.source() + suffix,
                source.channels(),
                new SourceRecordDeserializer(
                        source, columns, config.schemaRegistry().orElse(null), job.erased()),
                kept(source, columns, suffix),
                new KafkaTopicLog(config.kafka(), source.channels()),
                config.lost());
    }

    private RawLog kept(SourceLayout source, SerializableSupplier<RowSchema> columns, String suffix) {
        return kept.computeIfAbsent(suffix, unknown -> RawLog.of(config.warehouse(), source, columns));
    }

    /** By channel the offset after the last record. */
    private Map<Integer, Long> imports(JobDefinition of, String suffix) {
        Channels channels = of.source().channels();
        Map<Integer, Long> imports = new TreeMap<>();
        kept(of.source(), of.columns(), suffix)
                .imports()
                .forEach((at, next) -> imports.put(channels.channel(at.topic(), at.partition()), next));
        return imports;
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
                                config.flush().behindInterval(),
                                config.inject(),
                                imports(of, suffix).keySet()))
                .uid("router-" + name);
        DataStream<Refusal> tiles = unhurried(routed.keyBy(Routed::key, Types.STRING)
                .transform(
                        "tiles " + name,
                        TypeInformation.of(Refusal.class),
                        new TileOperatorFactory(stageSpec(of, name, entity, suffix), connector))
                .uid("tiles-" + name));
        DataStream<Refusal> keyless = unhurried(routed.getSideOutput(Router.REFUSALS)
                .map(refusal -> refusal)
                .returns(TypeInformation.of(Refusal.class))
                .name("refused by route " + name)
                .uid("route-refusals-" + name));
        return tiles.union(keyless);
    }

    /**
     * For what leads to the dead letters: nobody waits for them within a millisecond, and every output has a thread of its
     * own that wakes up after each of its timeouts. In a replay, records are sent on one by one anyway.
     */
    private SingleOutputStreamOperator<Refusal> unhurried(SingleOutputStreamOperator<Refusal> refusals) {
        return config.clock() == ClockMode.STORY ? refusals : refusals.setBufferTimeout(REFUSALS_WAIT_MILLIS);
    }

    private StageSpec stageSpec(JobDefinition of, String name, JobDefinition.Entity entity, String suffix) {
        return new StageSpec(
                of.source().source(),
                name,
                of.source().channels(),
                of.source().declaresIds(),
                of.horizonMillis(),
                entity.views(),
                FlushLimits.of(config.flush().maxKeys()),
                config.flush().deadline(),
                job.erased(),
                imports(of, suffix));
    }

    private KafkaSink<Refusal> deadLetters(SourceLayout of) {
        return KafkaSink.<Refusal>builder()
                .setKafkaProducerConfig(kafkaProperties())
                .setBootstrapServers(config.kafka().bootstrap())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new DeadLetterSerializer(of.channels()))
                .build();
    }

    private Properties kafkaProperties() {
        Properties properties = new Properties();
        properties.putAll(config.kafka().properties());
        properties.setProperty(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.kafka().bootstrap());
        return properties;
    }
}
