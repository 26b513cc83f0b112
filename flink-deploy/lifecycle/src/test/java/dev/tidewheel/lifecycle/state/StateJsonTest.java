package dev.tidewheel.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.lifecycle.policy.AlertRule;
import dev.tidewheel.lifecycle.policy.Budget;
import dev.tidewheel.lifecycle.policy.GatePolicy;
import dev.tidewheel.lifecycle.policy.HealthPolicy;
import dev.tidewheel.lifecycle.policy.Loss;
import dev.tidewheel.lifecycle.policy.Policies;
import dev.tidewheel.lifecycle.policy.RetrainingPolicy;
import dev.tidewheel.lifecycle.policy.RolloutPolicy;
import dev.tidewheel.lifecycle.policy.SlotPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class StateJsonTest {
    private static final Instant T = Instant.parse("2001-02-05T06:00:00Z");

    private static final RolloutPolicy ROLLOUT = new RolloutPolicy(
            "careful",
            "sha256:b",
            new RolloutPolicy.Shadow(Duration.ofDays(1), 1000),
            List.of(new RolloutPolicy.CanaryStep(0.05, Duration.ofHours(6))),
            new HealthPolicy("health", 0.01, Duration.ofSeconds(1), 20),
            Duration.ofDays(3),
            Duration.ofDays(2));

    private static final RetrainingPolicy RETRAINING = new RetrainingPolicy(
            "weekly",
            "sha256:a",
            Optional.of(new SlotPlan(Duration.ofDays(7), T)),
            List.of(new AlertRule("daily", "drift"), new AlertRule("daily", null)),
            Duration.ofDays(28),
            new GatePolicy(Duration.ofDays(3), Loss.LOG_LOSS, 0.0, 2000),
            Duration.ofDays(3),
            new Budget(4, Duration.ofDays(28)),
            "careful");

    private static final Challenger CHALLENGER = new Challenger("weekly-1", "weekly", ROLLOUT);
    private static final Stage STAGE = Stage.decided(T)
            .began(T)
            .with(HealthSums.EMPTY.with(new HealthSums.Window(T, 0, 100, 1, Optional.of(0.1 + 0.2)), ROLLOUT.health()));

    static List<Phase> phases() {
        Run run = new Run("weekly-1", RETRAINING, ROLLOUT, "schedule/weekly/" + T, "jan", T);
        return List.of(
                new Phase.Idle(),
                new Phase.Training(run),
                new Phase.Cancelling(run),
                new Phase.Shadow(CHALLENGER, STAGE),
                new Phase.Canary(CHALLENGER, 0, Stage.decided(T)),
                new Phase.Watching(CHALLENGER, "jan", STAGE));
    }

    @ParameterizedTest
    @MethodSource("phases")
    void readsWhatItWrote(Phase phase) {
        State state = State.initial("late-arrival")
                .with(T)
                .with(Serving.NONE.follow("jan").with(Traffic.NONE.next().failed("no \"sidecar\"\n")))
                .with(phase)
                .with(Policies.NONE.with(RETRAINING).with(ROLLOUT))
                .with("weekly", Ledger.EMPTY.started(T, RETRAINING.budget()).used(T))
                .with(List.of(new Pending("storm", "alert/1", "drift", new TreeSet<>(Set.of("jan")), false, T, 2)))
                .with(Memory.EMPTY.remember("alert/1", T))
                .with(new Ended("weekly-0", "weekly", T, Ended.End.REFUSED, "not better"));
        String json = StateJson.write(state);
        assertThat(StateJson.read(json)).isEqualTo(state);
        assertThat(StateJson.write(StateJson.read(json))).isEqualTo(json);
    }

    @Test
    void isCanonicalAndSaysWhatOthersWait() {
        assertThat(StateJson.write(State.initial("late-arrival")))
                .isEqualTo("{\"champion\":null,\"clock\":null,\"history\":[],\"ledgers\":{},"
                        + "\"memory\":{\"forgotten\":null,\"seen\":[]},\"model\":\"late-arrival\","
                        + "\"phase\":{\"phase\":\"Idle\"},\"policies\":{\"retrainings\":{},\"rollouts\":{}},"
                        + "\"queue\":[],\"rollout\":null,\"run\":null,"
                        + "\"serving\":{\"champion\":null,\"first\":null,\"former\":null,"
                        + "\"traffic\":{\"failure\":null,\"generation\":0,\"observed\":true}},\"settled\":true}");
        assertThat(StateJson.write(State.initial("m").with(new Phase.Shadow(CHALLENGER, STAGE))))
                .contains("\"rollout\":{\"challenger\":{\"retraining\":\"weekly\"")
                .contains("\"p99Millis\":0.30000000000000004")
                .contains("\"lasts\":\"PT24H\"")
                .contains("\"run\":null");
    }
}
