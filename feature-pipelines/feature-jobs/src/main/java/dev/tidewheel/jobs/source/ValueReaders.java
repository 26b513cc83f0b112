package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** From formats to their readers. */
final class ValueReaders {
    private ValueReaders() {}

    /**
     * @param registry where writers' schemas are; null if the process has none
     * @throws IllegalArgumentException if schema and columns do not fit, or the format needs a registry
     */
    static ValueReader of(TopicLayout layout, RowSchema columns, @Nullable SchemaRegistryConfig registry) {
        Schema schema = new Schema.Parser().parse(layout.schema());
        return switch (layout.format()) {
            case AVRO -> new PlainAvroReader(schema, columns);
            case AVRO_REGISTRY -> new RegistryAvroReader(schema, columns, required(layout, registry));
            case JSON -> new JsonValueReader(schema, columns);
            case DEBEZIUM_AVRO -> new DebeziumAvroReader(schema, columns, required(layout, registry));
            case DEBEZIUM ->
                new DebeziumJsonReader(schema, columns, !layout.changelog().isEmpty());
        };
    }

    private static SchemaRegistryConfig required(TopicLayout layout, @Nullable SchemaRegistryConfig registry) {
        if (registry == null) {
            throw new IllegalArgumentException(
                    "source '" + layout.source() + "' has format "
                            + layout.format().word()
                            + ", and the job knows no registry; write schemaRegistry: {url: http://host:port} in its configuration");
        }
        return registry;
    }
}
