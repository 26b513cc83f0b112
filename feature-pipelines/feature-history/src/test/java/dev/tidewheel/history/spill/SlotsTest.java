package dev.tidewheel.history.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsTest {
    private static final int MOST = 1 << 30;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 31, 32, 1_000_000, MOST / 4 - 1, MOST / 2 - 1, MOST / 2, MOST / 2 + 1, MOST - 1})
    void everyEntryHasASlotAndOneIsLeft(int entries) {
        int slots = Slots.of(entries, "entries");
        assertThat(Integer.bitCount(slots)).isEqualTo(1);
        assertThat(slots).isGreaterThan(entries);
        assertThat((long) slots).isGreaterThanOrEqualTo(Math.min(MOST, 2L * entries));
    }

    @Test
    void moreThanHaveASlotAreRefused() {
        assertThatThrownBy(() -> Slots.of(MOST, "labels"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("1073741824 labels are too many");
    }
}
