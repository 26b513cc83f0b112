package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import java.util.Objects;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.flink.util.function.SerializableSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decodes in the source, once, so that watermarks per partition can use the decoded knownTime. Every Kafka record gives
 * exactly one {@link SourceRecord}.
 */
public final class SourceRecordDeserializer implements KafkaRecordDeserializationSchema<SourceRecord> {
    private static final long serialVersionUID = 1L;

    private final SourceLayout layout;
    private final SerializableSupplier<RowSchema> columns;
    private final @Nullable SchemaRegistryConfig registry;
    private transient @Nullable RecordDecoder decoder;
    private transient @Nullable SourceMetrics metrics;

    /**
     * @param layout of the source
     * @param columns gives the source's columns where the job runs
     * @param registry where writers' schemas are; null if the process has none
     */
    public SourceRecordDeserializer(
            SourceLayout layout, SerializableSupplier<RowSchema> columns, @Nullable SchemaRegistryConfig registry) {
        this.layout = layout;
        this.columns = columns;
        this.registry = registry;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        decoder = new RecordDecoder(layout, columns.get(), registry);
        metrics = new SourceMetrics(context.getMetricGroup(), layout.source());
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> from, Collector<SourceRecord> out) {
        RecordDecoder open = Objects.requireNonNull(decoder, "not open");
        SourceRecord record = open.decode(from.partition(), from.offset(), from.timestamp(), from.key(), from.value());
        Objects.requireNonNull(metrics, "not open").read(record);
        out.collect(record);
    }

    @Override
    public TypeInformation<SourceRecord> getProducedType() {
        return TypeInformation.of(SourceRecord.class);
    }
}
