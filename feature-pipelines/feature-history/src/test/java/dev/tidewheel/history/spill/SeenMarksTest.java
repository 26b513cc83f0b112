package dev.tidewheel.history.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenMarksTest {
    private static final int MOST = 1 << 30;

    @Test
    void findsWhatComesAgainAsOftenAsItIsAsked() {
        SeenMarks seen = new SeenMarks();
        assertThat(seen.repeated(new long[] {0, 64, -1, 128, 64, 0, 7, 64}, 8)).isEqualTo(Set.of(0L, 64L));
        assertThat(seen.repeated(new long[] {0, 64, -1, 7, 7}, 4)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 2, 31, 32, 1_000_000, MOST / 4 - 1, MOST / 2 - 1, MOST / 2, MOST / 2 + 1, MOST - 1, MOST})
    void everyMarkHasASlot(int marks) {
        int slots = SeenMarks.slots(marks);
        assertThat(Integer.bitCount(slots)).isEqualTo(1);
        assertThat((long) slots).isGreaterThanOrEqualTo(Math.min(MOST, 2L * marks));
    }

    @Test
    void moreThanHaveASlotAreRefused() {
        assertThatThrownBy(() -> SeenMarks.slots(MOST + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1073741825 rows");
    }
}
