package dev.tidewheel.feature.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> NAMES = List.of("delay", "date", "origin");

    @Test
    void findsWhatIsNear() {
        assertThat(Spelling.closest("dely", NAMES)).contains("delay");
        assertThat(Spelling.closest("Origin", NAMES)).contains("origin");
        assertThat(Spelling.closest("orgiin", NAMES)).contains("origin");
    }

    @Test
    void doesNotGuess() {
        assertThat(Spelling.closest("carrier", NAMES)).isEmpty();
        assertThat(Spelling.closest("x".repeat(10_000), NAMES)).isEmpty();
    }

    @Test
    void hintsAtWhatThereIs() {
        assertThat(Spelling.hint("dely", NAMES)).isEqualTo("; did you mean 'delay'?");
        assertThat(Spelling.hint("carrier", NAMES)).isEqualTo("; write one of: date, delay, origin");
        assertThat(Spelling.hint("carrier", List.of())).isEmpty();
    }
}
