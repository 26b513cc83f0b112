package dev.tidewheel.lifecycle.simulation;

import dev.tidewheel.lifecycle.policy.AlertRule;
import dev.tidewheel.lifecycle.policy.Budget;
import dev.tidewheel.lifecycle.policy.GatePolicy;
import dev.tidewheel.lifecycle.policy.HealthPolicy;
import dev.tidewheel.lifecycle.policy.Loss;
import dev.tidewheel.lifecycle.policy.Policies;
import dev.tidewheel.lifecycle.policy.RetrainingPolicy;
import dev.tidewheel.lifecycle.policy.RolloutPolicy;
import dev.tidewheel.lifecycle.policy.SlotPlan;
import dev.tidewheel.lifecycle.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is defined in the simulated world: short times, so that much happens in few steps. */
final class Rules {
    static final Instant START = Instant.parse("2001-02-05T00:00:00Z");

    static final RolloutPolicy ROLLOUT = new RolloutPolicy(
            "careful",
            "sha256:r",
            new RolloutPolicy.Shadow(Duration.ofHours(6), 100),
            List.of(
                    new RolloutPolicy.CanaryStep(0.05, Duration.ofHours(3)),
                    new RolloutPolicy.CanaryStep(0.25, Duration.ofHours(3))),
            new HealthPolicy("health", 0.05, Duration.ofSeconds(1), 20),
            Duration.ofHours(12),
            Duration.ofHours(8));

    static final RetrainingPolicy WEEKLY = new RetrainingPolicy(
            "weekly",
            "sha256:w",
            Optional.of(new SlotPlan(Duration.ofDays(2), START.plus(Duration.ofHours(6)))),
            List.of(new AlertRule("daily", "drift")),
            Duration.ofDays(28),
            new GatePolicy(Duration.ofDays(3), Loss.LOG_LOSS, 0.0, 100),
            Duration.ofHours(12),
            new Budget(4, Duration.ofDays(5)),
            "careful");

    static final RetrainingPolicy STORM = new RetrainingPolicy(
            "storm",
            "sha256:s",
            Optional.empty(),
            List.of(new AlertRule("daily", null)),
            Duration.ofDays(4),
            new GatePolicy(Duration.ofDays(3), Loss.BRIER, 0.001, 100),
            Duration.ofHours(6),
            new Budget(3, Duration.ofDays(4)),
            "careful");

    static final State INITIAL = initial();

    private Rules() {}

    static RetrainingPolicy of(String retraining) {
        return retraining.equals(WEEKLY.name()) ? WEEKLY : STORM;
    }

    private static State initial() {
        State empty = State.initial("late-arrival");
        return empty.with(Policies.NONE.with(WEEKLY).with(STORM).with(ROLLOUT))
                .with(empty.serving().follow("jan"));
    }
}
