package dev.tidewheel.history.spill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenMarksTest {
    @Test
    void findsWhatComesAgainAsOftenAsItIsAsked() {
        SeenMarks seen = new SeenMarks();
        assertThat(seen.repeated(new long[] {0, 64, -1, 128, 64, 0, 7, 64}, 8)).isEqualTo(Set.of(0L, 64L));
        assertThat(seen.repeated(new long[] {0, 64, -1, 7, 7}, 4)).isEmpty();
    }
}
