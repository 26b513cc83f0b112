package dev.tidewheel.history.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FileDigestTest {
    @Test
    void partsAreDigestedAsIfTheyWereOneText() {
        assertThat(FileDigest.ofParts(Stream.of("par", "", "ts").map(part -> part.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(FileDigest.ofText("parts"));
    }
}
