package dev.tidewheel.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LooksTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    @Test
    void theFirstAnswerIsTaken() throws Exception {
        Iterator<Optional<String>> answers = List.of(
                        Optional.<String>empty(), Optional.<String>empty(), Optional.of("there"), Optional.of("later"))
                .iterator();
        assertThat(new Looks(LONG, SHORT).until(answers::next)).contains("there");
        assertThat(answers.next()).as("nobody looked again").contains("later");
    }

    @Test
    void whatIsThereIsSeenWithoutPatience() throws Exception {
        assertThat(new Looks(Duration.ZERO, LONG).until(() -> Optional.of("there")))
                .contains("there");
    }

    @Test
    void patienceEnds() throws Exception {
        assertThat(new Looks(SHORT, SHORT).<String>until(Optional::empty)).isEmpty();
    }
}
