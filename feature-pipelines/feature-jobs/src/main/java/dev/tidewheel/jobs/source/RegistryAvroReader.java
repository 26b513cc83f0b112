package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.registry.WriterSchemas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.avro.Schema;

/**
 * Avro with the header that schema registries have agreed on: a zero byte, then the id of the schema that wrote the
 * record, four bytes, the highest first. The writer's schema is resolved to the definition's by Avro's rules.
 */
final class RegistryAvroReader implements ValueReader {
    private static final int HEADER = 5;

    private final WriterSchemas writers;
    private final AvroRows rows;

    RegistryAvroReader(Schema declared, RowSchema columns, WriterSchemas.Source registry) {
        Schema reader = DeclaredFields.of(declared, columns);
        this.writers = new WriterSchemas(registry, writer -> DeclaredFields.renamed(reader, writer));
        this.rows = new AvroRows(reader, columns);
    }

    @Override
    public ReadValue read(byte[] value) throws UndecodableException, IOException {
        int id = schemaId(value);
        WriterSchemas.Writer writer = writers.of(id);
        if (writer.reader() == null) {
            throw new UndecodableException("schema " + id + " of the registry: " + writer.refusal());
        }
        return new ReadValue.Event(rows.row(rows.record(writer.reader(), value, HEADER)));
    }

    private static int schemaId(byte[] value) throws UndecodableException {
        if (value.length < HEADER || value[0] != 0) {
            String begin = HexFormat.of().formatHex(value, 0, Math.min(HEADER, value.length));
            throw new UndecodableException("the value does not begin with a zero byte and a schema id but with 0x"
                    + begin + "; if it is Avro without a header, the source's format is avro");
        }
        int id = ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
        if (id < 0) {
            throw new UndecodableException("the value names schema " + id
                    + ", which no registry gives out; if it is Avro without a header, the source's format is avro");
        }
        return id;
    }
}
