package dev.tidewheel.jobs.tile;

import dev.tidewheel.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a store that is not there when a subtask opens, however long: an outage then costs time and not one of the
 * job's restarts, of which there are not many. The stream stands meanwhile, as it must. Ends when the store answers, when
 * it refuses for good, or when the task is cancelled.
 */
final class StoreWait {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWait.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    /** So many tries from one line in the log to the next. */
    private static final int QUIET = 20;

    private StoreWait() {}

    /**
     * Tries until it works.
     *
     * @param stage for the log
     * @param attempt may throw {@link StoreUnavailableException}, which is waited for; any other exception is passed on
     * @throws InterruptedException if the task is cancelled
     */
    static <T> T until(String stage, Callable<T> attempt) throws Exception {
        for (int tried = 0; ; tried++) {
            try {
                return attempt.call();
            } catch (StoreUnavailableException e) {
                if (tried % QUIET == 0) {
                    LOG.warn("stage {} waits for the store: {}", stage, e.getMessage());
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }
}
