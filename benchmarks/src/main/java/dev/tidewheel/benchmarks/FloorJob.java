package dev.tidewheel.benchmarks;

import dev.tidewheel.jobs.FeatureJobConfig;
import dev.tidewheel.jobs.JobSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What every streaming job must do at least: read, decode, one shuffle by key, and 64 bytes per event to Redis, with the
 * settings of our own job. No state, no aggregate.
 */
final class FloorJob {
    private static final int VALUE_BYTES = 64;

    private FloorJob() {}

    /** One event, flat for Flink's serialisers. */
    public record Event(String user, long eventTime, long amount) {}

    static JobClient start(String run, FeatureJobConfig config, URI redis) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        Properties properties = new Properties();
        properties.putAll(config.kafka().properties());
        KafkaSource<Event> source = KafkaSource.<Event>builder()
                .setProperties(properties)
                .setBootstrapServers(config.kafka().bootstrap())
                .setTopics(config.source())
                .setGroupId("floor")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new Decoder())
                .build();
        environment
                .fromSource(
                        source,
                        WatermarkStrategy.<Event>forMonotonousTimestamps()
                                .withTimestampAssigner((event, kafka) -> event.eventTime()),
                        "read")
                .uid("read")
                .keyBy(Event::user, Types.STRING)
                .sinkTo(new RedisSink<>(run, "floor", redis, false, new Fixed()))
                .uid("write");
        return environment.executeAsync("floor");
    }

    /** The event's numbers, filled up with zeros. */
    private static final class Fixed implements RedisSink.Format<Event> {
        private static final long serialVersionUID = 1L;

        @Override
        public String key(Event event) {
            return "floor:" + event.user();
        }

        @Override
        public byte[] value(Event event) {
            return ByteBuffer.allocate(VALUE_BYTES)
                    .putLong(event.eventTime())
                    .putLong(event.amount())
                    .array();
        }
    }

    /** Plain Avro, as our job's decoder reads it: generic, reusing its record. */
    private static final class Decoder implements KafkaRecordDeserializationSchema<Event> {
        private static final long serialVersionUID = 1L;
        private transient @Nullable GenericDatumReader<GenericRecord> reader;
        private transient @Nullable GenericRecord reused;
        private transient @Nullable BinaryDecoder decoder;

        @Override
        public void open(DeserializationSchema.InitializationContext context) {
            reader = new GenericDatumReader<>(new Schema.Parser().parse(EventBytes.SCHEMA));
        }

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Event> out) throws IOException {
            GenericDatumReader<GenericRecord> open = java.util.Objects.requireNonNull(reader, "not open");
            decoder = DecoderFactory.get().binaryDecoder(record.value(), decoder);
            reused = open.read(reused, decoder);
            out.collect(
                    new Event(reused.get("user_id").toString(), (Long) reused.get("ts"), (Long) reused.get("amount")));
        }

        @Override
        public TypeInformation<Event> getProducedType() {
            return TypeInformation.of(Event.class);
        }
    }
}
