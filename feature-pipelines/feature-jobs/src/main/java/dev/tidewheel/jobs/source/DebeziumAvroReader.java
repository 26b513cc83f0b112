package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's change events as Kafka Connect's AvroConverter writes them: an envelope {@code {before, after, op, ts_ms,
 * source: {ts_ms}}} whose schema is in a registry. The rows in it are resolved to the columns of the definition.
 */
final class DebeziumAvroReader implements ValueReader {
    private static final String BEFORE = "before";
    private static final String AFTER = "after";
    private static final String OPERATION = "op";
    private static final String TIME = "ts_ms";
    private static final String SOURCE = "source";

    private final Schema row;
    private final RegistryRecords records;
    private final AvroRows rows;

    DebeziumAvroReader(Schema declared, RowSchema columns, SchemaRegistryConfig registry) {
        this.row = DeclaredFields.of(declared, columns);
        this.records = new RegistryRecords(registry, this::envelope);
        this.rows = new AvroRows(row, columns);
    }

    /** What is looked at in the envelope of a writer; everything in it has the writer's names. */
    private Schema envelope(Schema writer) {
        Schema time = nullable(Schema.create(Schema.Type.LONG));
        Schema source = Schema.createRecord("Source", null, null, false, List.of(optional(TIME, time)));
        return DeclaredFields.renamed(
                Schema.createRecord(
                        "Envelope",
                        null,
                        null,
                        false,
                        List.of(
                                optional(BEFORE, nullable(named(row, writer, BEFORE))),
                                optional(AFTER, nullable(named(row, writer, AFTER))),
                                new Field(OPERATION, Schema.create(Schema.Type.STRING)),
                                optional(TIME, time),
                                optional(SOURCE, nullable(named(source, writer, SOURCE))))),
                writer);
    }

    private static Field optional(String name, Schema type) {
        return new Field(name, type, null, Field.NULL_DEFAULT_VALUE);
    }

    private static Schema nullable(Schema type) {
        return Schema.createUnion(Schema.create(Schema.Type.NULL), type);
    }

    private static Schema named(Schema record, Schema writer, String field) {
        return written(writer, field)
                .map(name -> DeclaredFields.renamed(record, name))
                .orElse(record);
    }

    /** The record that a writer writes in a field. */
    private static Optional<Schema> written(Schema writer, String field) {
        Field found = writer.getField(field);
        if (found == null) {
            return Optional.empty();
        }
        Schema type = found.schema();
        List<Schema> branches = type.isUnion() ? type.getTypes() : List.of(type);
        return branches.stream()
                .filter(branch -> branch.getType() == Schema.Type.RECORD)
                .findFirst();
    }

    @Override
    public ReadValue read(byte[] value) throws UndecodableException, IOException {
        GenericRecord envelope = records.read(value, rows);
        return new ReadValue.RowChanged(
                Debezium.operation(String.valueOf(envelope.get(OPERATION))),
                row(envelope.get(BEFORE)),
                row(envelope.get(AFTER)),
                (Long) envelope.get(TIME),
                envelope.get(SOURCE) instanceof GenericRecord source ? (Long) source.get(TIME) : null);
    }

    private @Nullable Row row(@Nullable Object record) throws UndecodableException {
        return record == null ? null : Debezium.complete(rows.row((GenericRecord) record));
    }
}
