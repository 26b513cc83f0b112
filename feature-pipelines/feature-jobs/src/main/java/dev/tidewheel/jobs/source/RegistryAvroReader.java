package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import java.io.IOException;
import org.apache.avro.Schema;

/** Events in Avro whose writers' schemas are in a registry. */
final class RegistryAvroReader implements ValueReader {
    private final RegistryRecords records;
    private final AvroRows rows;

    RegistryAvroReader(Schema declared, RowSchema columns, SchemaRegistryConfig registry) {
        Schema reader = DeclaredFields.of(declared, columns);
        this.records = new RegistryRecords(registry, writer -> DeclaredFields.renamed(reader, writer));
        this.rows = new AvroRows(reader, columns);
    }

    @Override
    public ReadValue read(byte[] value) throws UndecodableException, IOException {
        return new ReadValue.Event(rows.row(records.read(value, rows)));
    }
}
