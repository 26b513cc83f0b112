package dev.tidewheel.records;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.specific.SpecificRecordBase;

/** A released version of a record: its schema, and the bytes of its example. */
record Release(int version, Schema schema, byte[] bytes) {
    private static final Path SCHEMAS = Path.of("src/main/resources/released");
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final int BYTES_PER_LINE = 32;

    /** All releases of a record, oldest first. */
    static List<Release> of(SpecificRecordBase example) throws IOException {
        List<Release> releases = new ArrayList<>();
        for (int version = 1; Files.exists(schemaFile(example, version)); version++) {
            try (InputStream schema = Files.newInputStream(schemaFile(example, version))) {
                String hex = Files.readString(goldenFile(example, version)).replaceAll("\\s", "");
                releases.add(new Release(
                        version,
                        new SchemaParser().parse(schema).mainSchema(),
                        HexFormat.of().parseHex(hex)));
            }
        }
        return releases;
    }

    /** Writes the files of a new version; see docs/tasks/add-a-topic-record.md. */
    static void write(SpecificRecordBase example, int version, byte[] bytes) throws IOException {
        Files.createDirectories(SCHEMAS);
        Files.createDirectories(goldenFile(example, version).getParent());
        Files.writeString(schemaFile(example, version), example.getSchema().toString(true) + "\n");
        String hex = HexFormat.of().formatHex(bytes).replaceAll("(.{" + 2 * BYTES_PER_LINE + "})(?=.)", "$1\n");
        Files.writeString(goldenFile(example, version), hex + "\n", StandardCharsets.US_ASCII);
    }

    private static Path schemaFile(SpecificRecordBase example, int version) {
        return SCHEMAS.resolve(example.getClass().getSimpleName() + ".v" + version + ".avsc");
    }

    private static Path goldenFile(SpecificRecordBase example, int version) {
        return GOLDEN.resolve("v" + version).resolve(example.getClass().getSimpleName() + ".hex");
    }
}
