package dev.tidewheel.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was written once can be read for ever. Run with {@code -Drecords.release=true} to write the files of a record's new
 * version.
 */
class ReleasedRecordsTest {
    static Stream<SpecificRecordBase> examples() {
        return Examples.all();
    }

    @BeforeAll
    static void releaseIfAsked() throws IOException {
        if (Boolean.getBoolean("records.release")) {
            for (SpecificRecordBase example : examples().toList()) {
                release(example);
            }
        }
    }

    private static void release(SpecificRecordBase example) throws IOException {
        List<Release> releases = Release.of(example);
        if (releases.isEmpty() || !sameShape(latest(releases).schema(), example.getSchema())) {
            Release.write(example, releases.size() + 1, encode(example));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theCurrentSchemaIsTheLatestReleased(SpecificRecordBase example) throws IOException {
        assertThat(SchemaNormalization.toParsingForm(example.getSchema()))
                .as("the record has changed: release a new version, see docs/tasks/add-a-topic-record.md")
                .isEqualTo(SchemaNormalization.toParsingForm(
                        latest(Release.of(example)).schema()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void writesExactlyTheGoldenBytes(SpecificRecordBase example) throws IOException {
        assertThat(encode(example)).isEqualTo(latest(Release.of(example)).bytes());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsTheGoldenBytesOfEveryRelease(SpecificRecordBase example) throws IOException {
        for (Release release : Release.of(example)) {
            SpecificRecordBase read = decode(example, release);
            for (Schema.Field field : release.schema().getFields()) {
                assertThat((Object) read.get(field.name()))
                        .as("%s as version %d wrote it", field.name(), release.version())
                        .isEqualTo(example.get(field.name()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void canReadEveryReleasedSchema(SpecificRecordBase example) throws IOException {
        for (Release release : Release.of(example)) {
            var result = SchemaCompatibility.checkReaderWriterCompatibility(example.getSchema(), release.schema());
            assertThat(result.getType())
                    .as("version %d: %s", release.version(), result.getDescription())
                    .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
    }

    @Test
    void everyTopLevelRecordHasAnExample() throws IOException {
        try (Stream<Path> schemas = Files.list(Path.of("src/main/avro"))) {
            Set<String> names = schemas.map(
                            file -> file.getFileName().toString().replace(".avsc", ""))
                    .collect(Collectors.toSet());
            assertThat(examples().map(example -> example.getClass().getSimpleName()))
                    .containsExactlyInAnyOrderElementsOf(names);
        }
    }

    private static Release latest(List<Release> releases) {
        assertThat(releases)
                .as("a record that was never released: see docs/tasks/add-a-topic-record.md")
                .isNotEmpty();
        return releases.get(releases.size() - 1);
    }

    private static boolean sameShape(Schema one, Schema other) {
        return SchemaNormalization.parsingFingerprint64(one) == SchemaNormalization.parsingFingerprint64(other);
    }

    private static byte[] encode(SpecificRecordBase example) throws IOException {
        var buffer =
                new BinaryMessageEncoder<SpecificRecordBase>(SpecificData.get(), example.getSchema()).encode(example);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static SpecificRecordBase decode(SpecificRecordBase example, Release release) throws IOException {
        var decoder = new BinaryMessageDecoder<SpecificRecordBase>(SpecificData.get(), example.getSchema());
        decoder.addSchema(release.schema());
        return decoder.decode(release.bytes(), null);
    }
}
