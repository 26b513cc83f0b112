package dev.tidewheel.lifecycle.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A {@code Retraining} as decisions need it.
 *
 * @param hash of the definition that it was read from
 * @param schedule empty if only alerts and people start it
 * @param window how far training rows reach back from where the gate begins
 * @param cooldown between two starts; people need not wait for it
 * @param rollout the name of the rollout that a challenger goes through
 */
public record RetrainingPolicy(
        String name,
        String hash,
        Optional<SlotPlan> schedule,
        List<AlertRule> alerts,
        Duration window,
        GatePolicy gate,
        Duration cooldown,
        Budget budget,
        String rollout) {
    public RetrainingPolicy {
        alerts = List.copyOf(alerts);
    }
}
