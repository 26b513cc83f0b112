package dev.tidewheel.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SplitTest {
    private static final int IDS = 100_000;
    /** Standard deviations: a sound split fails once in two million runs, and with fixed ids never. */
    private static final double SIGMAS = 5;

    private final long seed = new Random().nextLong();

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.05, 0.25, 0.5, 0.99})
    void givesEachItsShare(double share) {
        double bound = SIGMAS * Math.sqrt(IDS * share * (1 - share));
        Random random = new Random(seed);
        long numbered = IntStream.range(0, IDS)
                .filter(id -> Split.takes("flight-" + id, share))
                .count();
        long drawn = IntStream.range(0, IDS)
                .filter(id -> Split.takes(new UUID(random.nextLong(), random.nextLong()).toString(), share))
                .count();
        assertThat(Math.abs(numbered - IDS * share)).isLessThan(bound);
        assertThat(Math.abs(drawn - IDS * share)).as("seed %d", seed).isLessThan(bound);
    }

    @Test
    void keepsWhomItHadWhenTheShareGrows() {
        assertThat(IntStream.range(0, IDS)
                        .mapToObj(id -> "r" + id)
                        .filter(id -> Split.takes(id, 0.05))
                        .allMatch(id -> Split.takes(id, 0.25)))
                .isTrue();
    }

    /** Computed with sha256sum: every release and every machine must split alike. */
    @Test
    void isTheDigestsBeginning() {
        assertThat(Split.place("")).isEqualTo((0xe3b0c44298fc1c14L >>> 11) * 0x1p-53);
        assertThat(Split.place("abc")).isEqualTo((0xba7816bf8f01cfeaL >>> 11) * 0x1p-53);
        assertThat(Split.takes("abc", 1)).isTrue();
        assertThat(Split.takes("abc", 0)).isFalse();
    }
}
