package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The hashes of definitions that were published: models pin them. Whoever may write more than before must not change
 * what is there; where one of these differs, every registry of every user would begin new lineages.
 */
class PublishedHashesTest {
    private static final Path PUBLISHED = Path.of("src/test/resources/published-hashes.txt");

    @Test
    void whatWasPublishedKeepsItsHash() throws IOException {
        List<String> hashes = Definitions.load(DefinitionsTest.FLIGHTS).toRegistry().stream()
                .map(entry -> entry.key() + " " + entry.hash())
                .toList();
        assertThat(hashes).isEqualTo(Files.readAllLines(PUBLISHED));
    }
}
