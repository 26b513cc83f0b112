package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import dev.tidewheel.runtime.erase.ErasedEntities;
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
    private final ErasedEntities erased;
    private transient TopicDecoder[] decoders = {};
    private transient int last;
    private transient @Nullable SourceMetrics metrics;

    /**
     * @param layout of the source
     * @param columns gives the source's columns where the job runs
     * @param registry where writers' schemas are; null if the process has none
     * @param erased entities that are left out
     */
    public SourceRecordDeserializer(
            SourceLayout layout,
            SerializableSupplier<RowSchema> columns,
            @Nullable SchemaRegistryConfig registry,
            ErasedEntities erased) {
        this.layout = layout;
        this.columns = columns;
        this.registry = registry;
        this.erased = erased;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        decoders = TopicDecoder.of(layout, columns.get(), registry, erased);
        last = 0;
        metrics = new SourceMetrics(context.getMetricGroup(), layout.source());
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> from, Collector<SourceRecord> out) {
        SourceRecord record = decoder(from.topic()).decode(from);
        Objects.requireNonNull(metrics, "not open").read(record);
        out.collect(record);
    }

    /** Records come in runs of one partition. */
    private TopicDecoder decoder(String topic) {
        for (int tried = 0; tried < decoders.length; tried++) {
            if (decoders[last].reads(topic)) {
                return decoders[last];
            }
            last = (last + 1) % decoders.length;
        }
        throw new IllegalStateException(
                decoders.length == 0 ? "not open" : "topic " + topic + " is none of " + layout.topicNames());
    }

    @Override
    public TypeInformation<SourceRecord> getProducedType() {
        return TypeInformation.of(SourceRecord.class);
    }
}
