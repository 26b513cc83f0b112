package dev.tidewheel.feature.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Row;
import org.junit.jupiter.api.Test;

class ChangeTest {

    @Test
    void itIsVisibleOnceItIsKnownAndOver() {
        assertThat(change(100, 150).visibleAt()).isEqualTo(150);
        assertThat(change(100, 100).visibleAt()).isEqualTo(101);
        assertThat(change(100, 90).visibleAt()).isEqualTo(101);
        assertThat(change(Long.MAX_VALUE, 90).visibleAt()).as("never").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void itIsLateByItsOwnTimesAlone() {
        assertThat(change(100, 150).isLate(50)).isFalse();
        assertThat(change(100, 151).isLate(50)).isTrue();
        assertThat(change(100, 50).isLate(0)).isFalse();
        assertThat(change(100, 50).leadMillis()).isEqualTo(50);
    }

    @Test
    void impossibleTimesDoNotLookHarmless() {
        assertThat(change(Long.MIN_VALUE, 1).isLate(1_000)).isTrue();
        assertThat(change(Long.MAX_VALUE, -1).leadMillis()).isEqualTo(Long.MAX_VALUE);
        assertThat(change(Long.MAX_VALUE, -1).isLate(1_000)).isFalse();
        assertThat(change(-1, Long.MAX_VALUE).leadMillis()).isEqualTo(Long.MIN_VALUE);
    }

    private static Change change(long eventTime, long knownTime) {
        return new Change(false, EventId.of(1), eventTime, knownTime, new Row(0));
    }
}
