package dev.tidewheel.runtime.process;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Waits for what tells nobody when it happens: looks again and again, for no longer than there is patience. Immutable and
 * thread-safe.
 *
 * @param patience wall time, after which nobody looks again; there is one look at least
 * @param between two looks
 */
public record Looks(Duration patience, Duration between) {

    /**
     * The first answer there is.
     *
     * @param look by this thread
     * @return empty if there is none while there is patience
     */
    public <T> Optional<T> until(Supplier<Optional<T>> look) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<T> seen = look.get();
            if (seen.isPresent() || System.nanoTime() - end > 0) {
                return seen;
            }
            Thread.sleep(between.toMillis());
        }
    }
}
