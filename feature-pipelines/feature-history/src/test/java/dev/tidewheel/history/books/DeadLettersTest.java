package dev.tidewheel.history.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.history.source.Position;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    @Test
    void theLettersOfACohortAreNotThoseOfTheMainPipeline() {
        DeadLetters letters = new DeadLetters();
        letters.add(letter(1, "view", "delays", DeadLetterReason.LATE));
        letters.add(letter(1, "view", "delays", DeadLetterReason.LATE));
        letters.add(letter(1, "view@2", "delays", DeadLetterReason.LATE));
        letters.add(letter(2, "view@2", "delays", DeadLetterReason.EXPRESSION_ERROR));
        letters.add(letter(3, "dedupe/origin@2", null, DeadLetterReason.STATE_FREED));

        assertThat(letters.late("delays", 0)).as("delivered twice").isEqualTo(1);
        assertThat(letters.late("delays", 2)).isEqualTo(1);
        assertThat(letters.rejected("delays", 0)).isZero();
        assertThat(letters.rejected("delays", 2)).isEqualTo(1);
        assertThat(letters.freed(List.of("origin"), 0)).isEmpty();
        assertThat(letters.freed(List.of("origin"), 2)).containsExactly(new Position("flights", 0, 3));
    }

    private static DeadLetter letter(long offset, String stage, @Nullable String view, DeadLetterReason reason) {
        return DeadLetter.newBuilder()
                .setTopic("flights")
                .setPartition(0)
                .setOffset(offset)
                .setTimestamp(0)
                .setStage(stage)
                .setView(view)
                .setReason(reason)
                .setDetail("because")
                .build();
    }
}
