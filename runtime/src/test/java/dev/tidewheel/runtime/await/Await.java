package dev.tidewheel.runtime.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Waits in tests for something that tells nobody when it happens: a file, a row in a table, the state of a foreign process.
 * On a level, not on a moment: it is looked at again and again until it is as wanted, at most for a minute. What signals
 * should be waited for by its signal.
 */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(20);

    private Await() {}

    /**
     * Waits until something is so.
     *
     * @param what for the error's text
     */
    public static void until(String what, Callable<Boolean> condition) {
        var unused = level(what, condition, reached -> reached, () -> "nothing more to tell");
    }

    /**
     * Waits until a level is reached, and returns it.
     *
     * @param what for the error's text, which has what was last seen, too
     * @param level looked at by this thread
     * @param more to be told if it does not come, such as a log
     */
    public static <T> T level(String what, Callable<T> level, Predicate<T> reached, Callable<?> more) {
        long until = System.nanoTime() + DEADLINE.toNanos();
        T seen = look(level);
        while (!reached.test(seen)) {
            if (System.nanoTime() > until) {
                throw new AssertionError(
                        "waited " + DEADLINE + " in vain for " + what + "; last seen: " + seen + "; " + look(more));
            }
            LockSupport.parkNanos(LOOK.toNanos());
            seen = look(level);
        }
        return seen;
    }

    private static <T> T look(Callable<T> level) {
        try {
            return level.call();
        } catch (Exception e) {
            throw new AssertionError("cannot be looked at: " + e, e);
        }
    }
}
