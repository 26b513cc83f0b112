package dev.tidewheel.benchmarks;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a state, not for ever. */
final class Deadline {
    private static final long STEP_NANOS = 2_000_000;

    private Deadline() {}

    /**
     * Waits until it is so.
     *
     * @param seen says what there is instead, for the error
     * @throws IllegalStateException if it is not so within the limit
     */
    static void await(String what, Duration limit, BooleanSupplier reached, Supplier<String> seen) {
        long until = System.nanoTime() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException("waited " + limit.toSeconds() + " s for " + what + "; " + seen.get());
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }
}
