package dev.tidewheel.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({"5ms, PT0.005S", "2s, PT2S", "10m, PT10M", "1h, PT1H", "1d, PT24H", "90s, PT1M30S", "0, PT0S"})
    void durations(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
        assertThat(Durations.parse(Durations.format(expected))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5s", "1.5s", "5 weeks", "5S", "s", "999999999999999d"})
    void notDurations(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageContaining(text);
    }

    @ParameterizedTest
    @CsvSource({"0B, 0", "512B, 512", "64KB, 65536", "64MB, 67108864", "2GB, 2147483648", "1025B, 1025"})
    void sizes(String text, long bytes) {
        assertThat(DataSize.parse(text).bytes()).isEqualTo(bytes);
        assertThat(new DataSize(bytes)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "-1B", "1.5MB", "64mb", "999999999999999GB"})
    void notSizes(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSize.parse(text))
                .withMessageContaining(text);
    }

    @Test
    void sizesThatDoNotFitAnInt() {
        assertThat(DataSize.parse("1GB").toInt()).isEqualTo(1 << 30);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> DataSize.parse("2GB").toInt())
                .isInstanceOf(ArithmeticException.class);
    }
}
