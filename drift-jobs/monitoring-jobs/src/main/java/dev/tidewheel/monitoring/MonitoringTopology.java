package dev.tidewheel.monitoring;

import dev.tidewheel.monitoring.ingest.IngestOperator;
import dev.tidewheel.monitoring.label.LabelInput;
import dev.tidewheel.monitoring.label.LabelJoin;
import dev.tidewheel.monitoring.log.KafkaEndOffsets;
import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.LogDeserializer;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.monitoring.publish.KafkaPublishConnector;
import dev.tidewheel.monitoring.publish.Outgoing;
import dev.tidewheel.monitoring.publish.Publisher;
import dev.tidewheel.monitoring.table.TableSinks;
import dev.tidewheel.monitoring.window.CellUpdate;
import dev.tidewheel.monitoring.window.Windows;
import dev.tidewheel.runtime.config.ClockMode;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job's graph:
 *
 * <pre>
 *  Kafka ─► ingest ─┬─ partial windows ──────────────┐
 *     │             ├─ rows, labels ─keyBy─► labels ─┴─keyBy─► windows, rules ─┐
 *     │             ├─ monitors, profiles ─broadcast─►────────────┘            │
 *     │             └─ frontiers ─────────────────────────────────────────► publisher ─► Kafka
 *     └─► monitoring.inferences, monitoring.labels                             └─► monitoring.metrics
 * </pre>
 *
 * <p>Reading and publishing have one subtask each: the one knows when all rows are in, the other when all results are out.
 */
final class MonitoringTopology {
    private static final Duration KAFKA_DEADLINE = Duration.ofSeconds(30);

    private final StreamExecutionEnvironment environment;
    private final MonitoringJobConfig config;

    MonitoringTopology(StreamExecutionEnvironment environment, MonitoringJobConfig config) {
        this.environment = environment;
        this.config = config;
    }

    /** Adds the graph to the environment, and creates the tables if they are missing. */
    void build() {
        DataStream<LogRecord> records = environment
                .fromSource(source(), WatermarkStrategy.noWatermarks(), "read inferences, labels, definitions, clock")
                .uid("source")
                .setParallelism(1);
        TableSinks tables = new TableSinks(config.warehouse());
        tables.append(records, Log.INFERENCES);
        tables.append(records, Log.LABELS);
        SingleOutputStreamOperator<CellUpdate> ingested = records.transform(
                        "ingest",
                        TypeInformation.of(CellUpdate.class),
                        new IngestOperator(
                                new KafkaEndOffsets(config.kafka(), KAFKA_DEADLINE),
                                config.clock() == ClockMode.STORY,
                                config.progress().toMillis()))
                .uid("ingest")
                .setParallelism(1);
        DataStream<CellUpdate> labels = ingested.getSideOutput(IngestOperator.LABELS)
                .keyBy(LabelInput::key, Types.STRING)
                .process(new LabelJoin(), TypeInformation.of(CellUpdate.class))
                .name("labels")
                .uid("labels");
        DataStream<Outgoing> judged = ingested.union(labels)
                .keyBy(CellUpdate::key, Types.STRING)
                .connect(ingested.getSideOutput(IngestOperator.REFERENCES).broadcast(Windows.REFERENCES))
                .process(new Windows(), TypeInformation.of(Outgoing.class))
                .name("windows and rules")
                .uid("windows");
        DataStream<Outgoing> published = judged.union(ingested.getSideOutput(IngestOperator.FRONTIERS))
                .transform(
                        "publish",
                        TypeInformation.of(Outgoing.class),
                        new Publisher(new KafkaPublishConnector(config.kafka(), KAFKA_DEADLINE)))
                .uid("publish")
                .setParallelism(1);
        tables.upsert(published);
    }

    private KafkaSource<LogRecord> source() {
        // The group only shows progress to Kafka's tools. Offsets come from checkpoints; without one, everything is
        // read.
        Properties properties = new Properties();
        properties.putAll(config.kafka().properties());
        return KafkaSource.<LogRecord>builder()
                .setProperties(properties)
                .setBootstrapServers(config.kafka().bootstrap())
                .setTopics(Log.topics())
                .setGroupId("tidewheel-" + config.project() + "-monitoring")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new LogDeserializer())
                .build();
    }
}
