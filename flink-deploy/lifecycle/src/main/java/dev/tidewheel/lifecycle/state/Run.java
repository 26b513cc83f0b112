package dev.tidewheel.lifecycle.state;

import dev.tidewheel.lifecycle.policy.RetrainingPolicy;
import dev.tidewheel.lifecycle.policy.RolloutPolicy;
import java.time.Instant;

/**
 * One training. It ends by the rules that it started with, whatever is defined meanwhile.
 *
 * @param version of the model that it makes; also the run's id
 * @param trigger the event that started it
 * @param champion whom the challenger will be compared with
 */
public record Run(
        String version,
        RetrainingPolicy retraining,
        RolloutPolicy rollout,
        String trigger,
        String champion,
        Instant startedAt) {
    /** The generation of a training slot that asks for it. */
    public static final long PRESENT = 1;

    /** The generation of a training slot that is done with. */
    public static final long CANCELLED = 2;

    /** The kind of a training slot. */
    public static final String KIND = "training";

    /** The name of a version's training slot. */
    public static String slot(String version) {
        return KIND + "/" + version;
    }

    public String slot() {
        return slot(version);
    }
}
