package dev.tidewheel.lifecycle.policy;

import java.time.Duration;
import java.util.List;

/**
 * A {@code Rollout} as decisions need it.
 *
 * @param hash of the definition that it was read from
 * @param shadow how long the challenger only listens, and how many rows it must have scored
 * @param canary the steps after that
 * @param deadline of each stage: a challenger that has not shown enough by then is refused
 * @param watch how long after the promotion bad health brings the former champion back
 */
public record RolloutPolicy(
        String name,
        String hash,
        Shadow shadow,
        List<CanaryStep> canary,
        HealthPolicy health,
        Duration deadline,
        Duration watch) {
    public RolloutPolicy {
        canary = List.copyOf(canary);
    }

    public record Shadow(Duration lasts, long minRows) {}

    /** @param share of the requests that the challenger answers, between 0 and 1 */
    public record CanaryStep(double share, Duration lasts) {}
}
