package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each folder of the corpus holds definitions that are wrong in one way, and {@code expected.txt}: what is printed about
 * them, line for line. To write those files anew: {@code -Dbroken.write=true}, and read the difference.
 */
class BrokenDefinitionsTest {
    private static final Path CORPUS = Path.of("../../src/test/resources/definitions/broken");

    static Stream<Path> broken() throws IOException {
        return Files.list(CORPUS).sorted();
    }

    @ParameterizedTest
    @MethodSource("broken")
    void saysWhereAndWhat(Path folder) throws IOException {
        List<String> found = Definitions.load(folder).problems().stream()
                .map(Problem::toString)
                .toList();
        Path expected = folder.resolve("expected.txt");
        if (Boolean.getBoolean("broken.write")) {
            Files.write(expected, found);
        }
        assertThat(found).isEqualTo(Files.readAllLines(expected));
    }

    /** A message without a remedy is half a message; the remedy stands behind the last semicolon or asks. */
    @ParameterizedTest
    @MethodSource("broken")
    void everyMessageHasARemedy(Path folder) {
        assertThat(Definitions.load(folder).problems())
                .isNotEmpty()
                .allSatisfy(
                        problem -> assertThat(problem.message()).matches("(?s).+(; |: write |: take |did you mean).+"));
    }

    @Test
    void theCorpusIsThere() throws IOException {
        assertThat(broken()).hasSizeGreaterThan(140);
    }
}
