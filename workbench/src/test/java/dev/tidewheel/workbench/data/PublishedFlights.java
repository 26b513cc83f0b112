package dev.tidewheel.workbench.data;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/** Files in the form in which vega-datasets publishes its flights. */
final class PublishedFlights {

    private static final MessageType SCHEMA = Types.buildMessage()
            .optional(INT64)
            .as(timestampType(false, TimeUnit.MICROS))
            .named("date")
            .optional(INT64)
            .named("delay")
            .optional(INT64)
            .named("distance")
            .optional(BINARY)
            .as(stringType())
            .named("origin")
            .optional(BINARY)
            .as(stringType())
            .named("destination")
            .named("root");

    private PublishedFlights() {}

    record Row(long micros, long delay, long distance, String origin, String destination) {}

    static void write(Path file, List<Row> rows) throws IOException {
        SimpleGroupFactory groups = new SimpleGroupFactory(SCHEMA);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(SCHEMA)
                .build()) {
            for (Row row : rows) {
                writer.write(groups.newGroup()
                        .append("date", row.micros())
                        .append("delay", row.delay())
                        .append("distance", row.distance())
                        .append("origin", row.origin())
                        .append("destination", row.destination()));
            }
        }
    }

    /** A gzipped tar with one small file before the wanted one. */
    static byte[] archive(String entry, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream tar = new GZIPOutputStream(bytes)) {
            append(tar, "package/package.json", "{}".getBytes(StandardCharsets.US_ASCII));
            append(tar, entry, content);
            tar.write(new byte[1024]);
        }
        return bytes.toByteArray();
    }

    private static void append(GZIPOutputStream tar, String name, byte[] content) throws IOException {
        byte[] header = new byte[512];
        byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(nameBytes, 0, header, 0, nameBytes.length);
        byte[] size = "%011o".formatted(content.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        tar.write(header);
        tar.write(content);
        tar.write(new byte[(512 - content.length % 512) % 512]);
    }
}
