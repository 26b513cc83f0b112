package dev.tidewheel.workbench.sets;

import java.time.Duration;
import java.util.Objects;

/**
 * By which questions see less than was visible.
 *
 * @param measured whether that is how far behind a run's store was, and not what somebody gave
 */
public record ServingDelay(Duration time, boolean measured) {
    /** A store that is never behind. */
    public static final ServingDelay NONE = new ServingDelay(Duration.ZERO, false);

    public ServingDelay {
        Objects.requireNonNull(time, "time");
    }
}
