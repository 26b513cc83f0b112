package dev.tidewheel.workbench.demo;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a demo plays, and how.
 *
 * @param definitions the folder with the definitions
 * @param data the file with the flights
 * @param historyFrom flights that departed before are left out
 * @param from the lock-step begins here; what is known by then goes through in bulk
 * @param to the lock-step ends here
 * @param judgeTo both models are also judged offline on all flights from {@code from} to here; {@code to} or before for
 *     none beyond those that were served
 * @param tick length of a tick of story time
 * @param controlTick story time between two settlings of monitoring and lifecycle; whole ticks
 * @param speed seconds of story per second at most; empty for as fast as the lock-step allows
 * @param concurrency questions asked at once
 * @param redis a server to use instead of an own one
 * @param injections errors made on purpose
 */
public record DemoSettings(
        Path definitions,
        Path data,
        Instant historyFrom,
        Instant from,
        Instant to,
        Instant judgeTo,
        Duration tick,
        Duration controlTick,
        Optional<Double> speed,
        int concurrency,
        Optional<URI> redis,
        Injections injections) {
    public DemoSettings {
        Objects.requireNonNull(definitions, "definitions");
        Objects.requireNonNull(data, "data");
        if (!from.isBefore(to) || !historyFrom.isBefore(from)) {
            throw new IllegalArgumentException(
                    "history from " + historyFrom + ", lock-step from " + from + " to " + to + ": these must ascend");
        }
        Objects.requireNonNull(judgeTo, "judgeTo");
        if (tick.toMillis() < 1) {
            throw new IllegalArgumentException("a tick must be at least a millisecond, not " + tick);
        }
        if (controlTick.toMillis() < 1 || controlTick.toMillis() % tick.toMillis() != 0) {
            throw new IllegalArgumentException(
                    "control ticks must be whole ticks apart: " + controlTick + " is no multiple of " + tick);
        }
        if (concurrency < 1) {
            throw new IllegalArgumentException("at least one question must be asked at once, not " + concurrency);
        }
        Objects.requireNonNull(injections, "injections");
    }

    /** Whether the models are judged on more flights than the lock-step asks about. */
    boolean judgesBeyond() {
        return judgeTo.isAfter(to);
    }

    /** Whether every question is answered with everything known at its own moment: flights have whole minutes. */
    public boolean exact() {
        return tick.toMillis() <= 60_000 && 60_000 % tick.toMillis() == 0;
    }

    /**
     * The longest span of which every control tick is a multiple, the story's beginning and end included: at these times
     * monitoring looks whether windows are complete.
     */
    Duration progress() {
        long span = controlTick.toMillis();
        for (Instant instant : List.of(from, to)) {
            span = BigInteger.valueOf(span)
                    .gcd(BigInteger.valueOf(instant.toEpochMilli()))
                    .longValueExact();
        }
        return Duration.ofMillis(span);
    }

    /** How old a known change may be before a vector that misses it is untimely. */
    Duration bound() {
        return exact() ? Duration.ZERO : tick;
    }
}
