package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.shape.ScalarType;
import dev.tidewheel.definitions.shape.Shape;
import dev.tidewheel.definitions.shape.Shape.Field;
import dev.tidewheel.definitions.shape.Shape.ListOf;
import dev.tidewheel.definitions.shape.Shape.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The page says what the code does. Its tables are written from the code with {@code -Ddocs.write=true}; the words
 * between them are written by hand.
 */
class DocumentationTest {
    private static final Path PAGE = Path.of("../../docs/definitions.md");

    record Section(String name, String table) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Section> sections() {
        List<Section> sections = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            sections.add(new Section(kind.word(), keys(kind)));
        }
        sections.add(new Section("measures", measures()));
        sections.add(new Section("fixed rules", fixedRules()));
        return sections.stream();
    }

    @ParameterizedTest
    @MethodSource("sections")
    void theTablesAreThoseOfTheCode(Section section) throws IOException {
        String begin = "<!-- " + section.name() + ": begin -->\n";
        String end = "<!-- " + section.name() + ": end -->\n";
        String page = Files.readString(PAGE);
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf(end);
        assertThat(from).as("the page marks the place of " + section).isBetween(begin.length(), to);
        if (Boolean.getBoolean("docs.write")) {
            page = page.substring(0, from) + section.table() + page.substring(to);
            Files.writeString(PAGE, page);
            to = page.indexOf(end);
        }
        assertThat(page.substring(from, to)).isEqualTo(section.table());
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeIsExplained(ProblemCode code) throws IOException {
        assertThat(Files.readString(PAGE)).contains("\n| `" + code + "` | ");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeOfValueIsExplained(ScalarType type) throws IOException {
        assertThat(Files.readString(PAGE)).contains("\n| " + type.title() + " | ");
    }

    @Test
    void noOtherCodeIsExplained() throws IOException {
        List<String> codes =
                Arrays.stream(ProblemCode.values()).map(ProblemCode::toString).toList();
        String page = Files.readString(PAGE);
        List<String> explained = page.substring(page.indexOf("| code |"))
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("`")[1])
                .toList();
        assertThat(explained).containsExactlyInAnyOrderElementsOf(codes);
    }

    private static String keys(Kind kind) {
        StringBuilder table = new StringBuilder("| key | value | meaning |\n|---|---|---|\n");
        for (Field field : kind.document().fields()) {
            if (!List.of("apiVersion", "kind").contains(field.key())) {
                row(field, "", table);
            }
        }
        return table.toString();
    }

    private static void row(Field field, String path, StringBuilder table) {
        String key = path.isEmpty() ? field.key() : path + "." + field.key();
        table.append("| `").append(key).append("` | ").append(value(field.shape()));
        table.append(field.required() ? " | " : ", optional | ")
                .append(field.meaning())
                .append(" |\n");
        structs(field.shape()).forEach(struct -> struct.fields().forEach(inner -> row(inner, key, table)));
    }

    private static String value(Shape shape) {
        return shape instanceof ListOf list && list.item() instanceof Struct ? "list of mappings" : shape.title();
    }

    private static List<Struct> structs(Shape shape) {
        Shape inner = shape instanceof ListOf list ? list.item() : shape;
        if (inner instanceof Shape.Variants variants) {
            return variants.structs();
        }
        return inner instanceof Struct struct ? List.of(struct) : List.of();
    }

    private static String measures() {
        StringBuilder table = new StringBuilder("| measure | of | threshold | meaning |\n|---|---|---|---|\n");
        for (Measure measure : Measure.values()) {
            String subject = switch (measure.family()) {
                case DISTANCE, COLUMN ->
                    measure == Measure.SHARE ? "columns, to be named" : "columns; all features if not written";
                case HEALTH -> "all rows";
                case PERFORMANCE -> "labelled rows";
            };
            String threshold = switch (measure.family()) {
                case DISTANCE, COLUMN -> "calibrated, number";
                case HEALTH -> measure == Measure.ROWS ? "calibrated, number" : "number";
                case PERFORMANCE -> "calibrated, number, baseline";
            };
            table.append("| `%s` | %s | %s | %s |\n".formatted(measure.word(), subject, threshold, measure.meaning()));
        }
        return table.toString();
    }

    private static String fixedRules() {
        StringBuilder table = new StringBuilder("| fixed | rule |\n|---|---|\n");
        for (FixedRule rule : FixedRule.values()) {
            table.append("| `%s` | %s |\n".formatted(rule.word(), rule.meaning()));
        }
        return table.toString();
    }

    /** The words that the shapes offer are those that the enums know. */
    @Test
    void theChoicesAreThoseOfTheEnums() {
        assertThat(choices(Kind.SOURCE, "kafka", "format")).isEqualTo(SourceFormat.words());
        assertThat(choices(Kind.MONITOR, "rules", "measure"))
                .containsExactlyElementsOf(
                        Arrays.stream(Measure.values()).map(Measure::word).toList());
        assertThat(choices(Kind.MONITOR, "rules", "fixed"))
                .containsExactlyElementsOf(
                        Arrays.stream(FixedRule.values()).map(FixedRule::word).toList());
        assertThat(choices(Kind.MONITOR, "rules", "severity"))
                .containsExactlyElementsOf(
                        Arrays.stream(Severity.values()).map(Severity::word).toList());
        assertThat(choices(Kind.MONITOR, "rules", "direction"))
                .containsExactlyElementsOf(Arrays.stream(Monitor.Direction.values())
                        .map(Monitor.Direction::word)
                        .toList());
        assertThat(choices(Kind.RETRAINING, "gate", "loss"))
                .containsExactlyElementsOf(Arrays.stream(Retraining.Loss.values())
                        .map(Retraining.Loss::word)
                        .toList());
    }

    private static List<String> choices(Kind kind, String key, String inner) {
        Shape shape = kind.specification().field(key).orElseThrow().shape();
        Struct struct = structs(shape).get(0);
        return ((Shape.Choice) struct.field(inner).orElseThrow().shape()).words();
    }
}
