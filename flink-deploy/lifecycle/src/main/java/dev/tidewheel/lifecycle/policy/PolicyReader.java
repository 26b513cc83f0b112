package dev.tidewheel.lifecycle.policy;

import dev.tidewheel.definitions.Retraining;
import dev.tidewheel.definitions.Rollout;

/** From the registry's definitions to what decisions need of them. The only place that knows both. */
public final class PolicyReader {
    private PolicyReader() {}

    /** A retraining and the model that it is for. */
    public record ForModel<T>(String model, T policy) {}

    /**
     * @param body canonical JSON
     * @throws dev.tidewheel.definitions.DefinitionsException if it is no retraining
     */
    public static ForModel<RetrainingPolicy> retraining(String body, String hash) {
        Retraining read = Retraining.fromBody(body);
        return new ForModel<>(
                read.model(),
                new RetrainingPolicy(
                        read.name(),
                        hash,
                        read.schedule().map(schedule -> new SlotPlan(schedule.every(), schedule.from())),
                        read.alerts().stream()
                                .map(alert -> new AlertRule(
                                        alert.monitor(), alert.rule().orElse(null)))
                                .toList(),
                        read.trainingWindow(),
                        gate(read.gate()),
                        read.cooldown(),
                        new Budget(read.budget().runs(), read.budget().per()),
                        read.rollout()));
    }

    /**
     * @param body canonical JSON
     * @throws dev.tidewheel.definitions.DefinitionsException if it is no rollout
     */
    public static ForModel<RolloutPolicy> rollout(String body, String hash) {
        Rollout read = Rollout.fromBody(body);
        Rollout.Health health = read.health();
        return new ForModel<>(
                read.model(),
                new RolloutPolicy(
                        read.name(),
                        hash,
                        new RolloutPolicy.Shadow(
                                read.shadow().lasts(), read.shadow().minRows()),
                        read.canary().stream()
                                .map(step -> new RolloutPolicy.CanaryStep(step.share(), step.lasts()))
                                .toList(),
                        new HealthPolicy(health.monitor(), health.maxErrorShare(), health.maxP99(), health.minRows()),
                        read.deadline(),
                        read.watch()));
    }

    private static GatePolicy gate(Retraining.Gate gate) {
        Loss loss = switch (gate.loss()) {
            case LOG_LOSS -> Loss.LOG_LOSS;
            case BRIER -> Loss.BRIER;
        };
        return new GatePolicy(gate.window(), loss, gate.margin(), gate.minRows());
    }
}
