package dev.tidewheel.history.parity;

import java.time.Duration;
import java.util.Objects;

/**
 * How parity is measured.
 *
 * @param bound how long after a change is known a read must contain it; zero in story time, where nothing is ever behind
 * @param listed how many differences the report shows in full
 * @param threads how many keys are recomputed at once
 */
public record ParitySettings(Duration bound, int listed, int threads) {
    /** Two seconds, twenty differences, two threads. */
    public static final ParitySettings DEFAULT = new ParitySettings(Duration.ofSeconds(2), 20, 2);

    public ParitySettings {
        Objects.requireNonNull(bound, "bound");
        if (bound.isNegative() || listed < 0 || threads < 1) {
            throw new IllegalArgumentException(
                    "bound ≥ 0, listed ≥ 0 and threads ≥ 1 are needed, got " + bound + ", " + listed + ", " + threads);
        }
    }
}
