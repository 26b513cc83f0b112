package dev.tidewheel.jobs.source;

import dev.tidewheel.jobs.source.registry.HttpSchemaRegistry;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import dev.tidewheel.jobs.source.registry.WriterSchemas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Avro with the header that schema registries have agreed on: a zero byte, then the id of the schema that wrote the
 * record, four bytes, the highest first. The writer's schema is resolved to the reader's by Avro's rules. Not thread-safe.
 */
final class RegistryRecords {
    private static final int HEADER = 5;

    private final WriterSchemas writers;

    /** @param readers gives the schema to read by for a writer's */
    RegistryRecords(SchemaRegistryConfig registry, UnaryOperator<Schema> readers) {
        this.writers = new WriterSchemas(new HttpSchemaRegistry(registry), registry.lag(), readers);
    }

    /** One record, as {@link AvroRows#record} gives it. */
    GenericRecord read(byte[] value, AvroRows rows) throws UndecodableException, IOException {
        int id = schemaId(value);
        WriterSchemas.Writer writer = writers.of(id);
        if (writer.reader() == null) {
            throw new UndecodableException("schema " + id + " of the registry: " + writer.refusal());
        }
        return rows.record(writer.reader(), value, HEADER);
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
