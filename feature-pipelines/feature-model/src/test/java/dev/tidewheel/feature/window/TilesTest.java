package dev.tidewheel.feature.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TilesTest {
    private static final long MINUTE = 60_000;

    @Test
    void tilesAreAlignedToTheEpochOnBothSides() {
        assertThat(Tiles.index(0, 10)).isZero();
        assertThat(Tiles.index(9, 10)).isZero();
        assertThat(Tiles.index(10, 10)).isEqualTo(1);
        assertThat(Tiles.index(-1, 10)).isEqualTo(-1);
        assertThat(Tiles.floor(-1, 10)).isEqualTo(-10);
        assertThat(Tiles.floor(19, 10)).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"60, 5", "180, 5", "719, 5", "720, 60", "1440, 60", "4320, 360", "10080, 360", "17280, 1440"})
    void theDefaultResolutionIsTheLargestThatFitsTwelveTimes(long windowMinutes, long resolutionMinutes) {
        assertThat(Window.Sliding.of(windowMinutes * MINUTE).resolutionMillis()).isEqualTo(resolutionMinutes * MINUTE);
    }

    @Test
    void belowAnHourItIsATwelfth() {
        assertThat(Window.Sliding.of(12 * MINUTE).resolutionMillis()).isEqualTo(MINUTE);
        assertThat(Window.Sliding.of(5).resolutionMillis()).isEqualTo(1);
    }

    @Test
    void impossibleWindowsAreRefused() {
        assertThatThrownBy(() -> new Window.Sliding(0, 1)).hasMessage("a window needs a positive length, got 0 ms");
        assertThatThrownBy(() -> new Window.Sliding(5, 6)).hasMessage("a resolution lies in (0, 5] ms, got 6 ms");
    }
}
