package dev.tidewheel.agent.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.agent.desired.Wanted;
import dev.tidewheel.agent.reconcile.Observed;
import dev.tidewheel.agent.traffic.TrafficState.Applied;
import dev.tidewheel.records.ObservedPhase;
import dev.tidewheel.runtime.registry.ServingRecords.Canary;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TrafficPlanTest {
    private static final OptionalLong NONE = OptionalLong.empty();

    private static final Applied FOUR = new Applied(4, "");

    private static Wanted wanted(Wanted.State state) {
        return new Wanted("late", "traffic", 4, state, "traffic", "{}", "sha256:a");
    }

    private static TrafficStep next(
            Wanted.State state, OptionalLong published, boolean asWanted, Map<String, Applied> applied) {
        return TrafficPlan.next(wanted(state), new TrafficState(published, asWanted, applied, false));
    }

    @Test
    void isPublishedAndThenSeenEverywhere() {
        OptionalLong published = OptionalLong.of(4);
        assertThat(next(Wanted.State.PRESENT, NONE, false, Map.of())).isInstanceOf(TrafficStep.Publish.class);
        assertThat(next(Wanted.State.PRESENT, OptionalLong.of(3), false, Map.of()))
                .isInstanceOf(TrafficStep.Publish.class);
        assertThat(next(
                        Wanted.State.PRESENT,
                        published,
                        true,
                        Map.of("a", FOUR, "b", new Applied(3, "no such version"))))
                .isEqualTo(report(ObservedPhase.RUNNING, "sidecar b applies generation 3: no such version"));
        assertThat(next(Wanted.State.PRESENT, published, true, Map.of("a", Applied.UNKNOWN)))
                .isEqualTo(report(ObservedPhase.RUNNING, "sidecar a does not say what it applies"));
        assertThat(next(Wanted.State.PRESENT, published, true, Map.of("a", FOUR, "b", FOUR)))
                .isEqualTo(new TrafficStep.Report(Observed.succeeded(Map.of("generation", "4"))));
    }

    @Test
    void failsAtTheDeadlineUntilItIsAppliedAfterAll() {
        OptionalLong published = OptionalLong.of(4);
        Wanted wanted = wanted(Wanted.State.PRESENT);
        assertThat(TrafficPlan.next(
                        wanted,
                        new TrafficState(published, true, Map.of("a", new Applied(3, "no such version")), true)))
                .isEqualTo(report(ObservedPhase.FAILED, "sidecar a applies generation 3: no such version"));
        assertThat(TrafficPlan.next(wanted, new TrafficState(published, true, Map.of("a", FOUR), true)))
                .isEqualTo(new TrafficStep.Report(Observed.succeeded(Map.of("generation", "4"))));
    }

    @Test
    void whatIsLiveWithAHigherGenerationWins() {
        assertThat(next(Wanted.State.PRESENT, OptionalLong.of(5), false, Map.of()))
                .isInstanceOf(TrafficStep.Refuse.class);
        assertThat(next(Wanted.State.CANCELLED, OptionalLong.of(5), true, Map.of()))
                .isInstanceOf(TrafficStep.Refuse.class);
    }

    @Test
    void whatIsCancelledIsWithdrawn() {
        assertThat(next(Wanted.State.CANCELLED, OptionalLong.of(3), true, Map.of()))
                .isInstanceOf(TrafficStep.Withdraw.class);
        assertThat(next(Wanted.State.CANCELLED, NONE, true, Map.of())).isEqualTo(report(ObservedPhase.ABSENT, ""));
    }

    @Test
    void readsSpecs() {
        assertThat(TrafficSpec.read("{\"champion\":\"1\",\"shadow\":\"w\",\"canary\":null}"))
                .isEqualTo(new TrafficSpec("1", Optional.of("w"), Optional.empty()));
        assertThat(TrafficSpec.read("{\"champion\":\"1\",\"canary\":{\"version\":\"w\",\"share\":0.05}}"))
                .isEqualTo(new TrafficSpec("1", Optional.empty(), Optional.of(new Canary("w", 0.05))));
        assertThatThrownBy(() -> TrafficSpec.read("{}")).hasMessageContaining("'champion'");
        assertThatThrownBy(() -> TrafficSpec.read("{\"champion\":\"1\",\"canary\":{\"version\":\"w\",\"share\":5}}"))
                .hasMessageContaining("between 0 and 1");
    }

    private static TrafficStep report(ObservedPhase phase, String reason) {
        return new TrafficStep.Report(Observed.of(phase, reason));
    }
}
