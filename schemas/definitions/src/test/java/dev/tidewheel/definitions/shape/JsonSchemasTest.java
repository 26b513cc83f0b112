package dev.tidewheel.definitions.shape;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class JsonSchemasTest {
    private static final Path FILES = Path.of("src/main/resources/dev/tidewheel/definitions/schema");
    private static final Path EXAMPLES = Path.of("../../examples");

    /** To write them anew after a change of {@link Kind}: {@code -Dschemas.write=true}. */
    @ParameterizedTest
    @EnumSource
    void theFilesAreWhatTheLoaderReads(Kind kind) throws IOException {
        Path file = FILES.resolve(JsonSchemas.file(kind));
        if (Boolean.getBoolean("schemas.write")) {
            Files.writeString(file, JsonSchemas.of(kind));
        }
        assertThat(Files.readString(file)).isEqualTo(JsonSchemas.of(kind));
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(JsonSchemasTest::isDefinition)
                    .toList()
                    .stream();
        }
    }

    private static boolean isDefinition(Path file) {
        return read(file).contains("apiVersion: " + Kind.API_VERSION);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theExamplesFitTheirSchemas(Path example) {
        String text = read(example);
        assertThat(validate(kind(text), text)).isEmpty();
    }

    @Test
    void aMisspeltKeyDoesNotFit() {
        String text = read(EXAMPLES.resolve("flights/source.yaml"));
        assertThat(validate(Kind.SOURCE, text.replace("eventTime:", "eventtime:")))
                .hasSize(2);
        assertThat(validate(Kind.SOURCE, text.replace("horizon: 1d", "horizon: 1 day")))
                .hasSize(1);
    }

    private static List<String> validate(Kind kind, String yaml) {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(JsonSchemas.of(kind), InputFormat.JSON);
        return schema.validate(yaml, InputFormat.YAML).stream()
                .map(Object::toString)
                .collect(Collectors.toList());
    }

    private static Kind kind(String text) {
        return Stream.of(Kind.values())
                .filter(kind -> text.contains("\nkind: " + kind.word() + "\n"))
                .findFirst()
                .orElseThrow();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
