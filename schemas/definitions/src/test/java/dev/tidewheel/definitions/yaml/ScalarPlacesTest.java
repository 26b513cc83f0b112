package dev.tidewheel.definitions.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.problem.Problems;
import org.junit.jupiter.api.Test;

class ScalarPlacesTest {
    /** Where the {@code #} of a value stands in the file. */
    private static String placeOfHash(String yaml) {
        Yaml.Mapping mapping =
                (Yaml.Mapping) YamlReader.read("f", yaml, new Problems()).get(0);
        Yaml.Scalar scalar = (Yaml.Scalar) mapping.get("key").orElseThrow();
        return scalar.placeOf(scalar.text().indexOf('#')).toString();
    }

    @Test
    void plain() {
        assertThat(placeOfHash("other: 1\nkey:   ab#c\n")).isEqualTo("f:2:10");
    }

    @Test
    void singleQuotesWithQuotesInside() {
        assertThat(placeOfHash("key: 'it''s #'\n")).isEqualTo("f:1:13");
    }

    @Test
    void doubleQuotesWithEscapes() {
        assertThat(placeOfHash("key: \"\\x41\\u0042\\n\\\\#\"\n")).isEqualTo("f:1:21");
    }

    @Test
    void columnsCountCodePoints() {
        assertThat(placeOfHash("key: '\uD834\uDD1E#'\n")).isEqualTo("f:1:8");
    }

    @Test
    void literalBlock() {
        assertThat(placeOfHash("key: |\n  one\n   two #\n")).isEqualTo("f:3:8");
    }

    @Test
    void foldedBlockOfOneLine() {
        assertThat(placeOfHash("key: >-\n  one #\n")).isEqualTo("f:2:7");
    }

    /** Folding loses where lines ended: the beginning is near enough. */
    @Test
    void severalFoldedLinesPointToTheBeginning() {
        assertThat(placeOfHash("key: >-\n  one\n  two #\n")).isEqualTo("f:1:6");
        assertThat(placeOfHash("key: 'one\n  two #'\n")).isEqualTo("f:1:6");
    }
}
