package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Monitor.Direction;
import dev.tidewheel.definitions.Monitor.Labels;
import dev.tidewheel.definitions.Monitor.Rule;
import dev.tidewheel.definitions.Retraining.AlertTrigger;
import dev.tidewheel.definitions.Retraining.Budget;
import dev.tidewheel.definitions.Retraining.Gate;
import dev.tidewheel.definitions.Retraining.Loss;
import dev.tidewheel.definitions.Retraining.Schedule;
import dev.tidewheel.definitions.Rollout.CanaryStep;
import dev.tidewheel.definitions.Rollout.Health;
import dev.tidewheel.definitions.Rollout.Shadow;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Monitors, rollouts and retrainings arrive in their records, from files and from single bodies of the registry. */
class ControlTest {
    private static final Definitions FLIGHTS =
            Definitions.load(DefinitionsTest.FLIGHTS).orThrow();
    private static final Duration DAY = Duration.ofDays(1);

    private static String body(String key) {
        return FLIGHTS.toRegistry().stream()
                .filter(entry -> entry.key().equals(key))
                .map(RegistryEntry::body)
                .findFirst()
                .orElseThrow();
    }

    /** The hourly monitor has no calibrated rule, and would ask for shorter windows. */
    @Test
    void aProfileForTheMonitors() {
        assertThat(ProfileNeeds.of("late-arrival", FLIGHTS.monitors()))
                .isEqualTo(new ProfileNeeds(DAY, List.of("origin"), 10));
        assertThat(ProfileNeeds.of("another", FLIGHTS.monitors())).isEqualTo(new ProfileNeeds(DAY, List.of(), 1));
    }

    @Test
    void theFlightsAreWatched() {
        Monitor daily = FLIGHTS.monitor("late-arrival-daily");
        assertThat(daily.window()).isEqualTo(DAY);
        assertThat(daily.rules()).extracting(Rule::name).contains("drift", "label-share", "psi-0.3");
        assertThat(daily.rule("drift")).contains(psi("drift", "origin_delays.mean_delay_24h", 2, 3));
        assertThat(daily.rule("psi-0.3"))
                .contains(new Rule(
                        "psi-0.3",
                        List.of("origin_delays.mean_delay_24h"),
                        Measure.PSI,
                        new Threshold.Fixed(0.3),
                        Direction.ABOVE,
                        1,
                        1,
                        0.8,
                        DAY,
                        Severity.INFO));
    }

    private static Rule psi(String name, String of, int k, int n) {
        return new Rule(
                name,
                List.of(of),
                Measure.PSI,
                new Threshold.Calibrated(0.99),
                Direction.ABOVE,
                k,
                n,
                0.8,
                DAY,
                Severity.WARNING);
    }

    @Test
    void theFlightsAreRetrained() {
        assertThat(FLIGHTS.retraining("weekly").schedule())
                .contains(new Schedule(Duration.ofDays(7), Instant.parse("2001-02-05T06:00:00Z")));
        assertThat(FLIGHTS.retraining("storm").alerts())
                .containsExactly(new AlertTrigger("late-arrival-daily", Optional.of("label-share")));
        assertThat(FLIGHTS.retrainings())
                .extracting(Retraining::rollout)
                .containsOnly(FLIGHTS.rollout("careful").name());
    }

    @Test
    void everyKeyArrives() {
        Monitor monitor = Monitor.fromBody(EveryKey.MONITOR);
        Duration hour = Duration.ofHours(1);
        assertThat(monitor)
                .isEqualTo(new Monitor(
                        "everything",
                        "late-arrival",
                        hour,
                        List.of("distance", "origin_delays.mean_delay_3h"),
                        List.of("origin", "destination"),
                        3,
                        new Labels(0.5, Duration.ofDays(3), Duration.ofHours(12)),
                        OptionalLong.of(7),
                        List.of(
                                new Rule(
                                        "nulls",
                                        List.of("origin_delays.mean_delay_3h", "@prediction"),
                                        Measure.NULL_SHARE,
                                        new Threshold.Calibrated(0.95),
                                        Direction.BELOW,
                                        3,
                                        4,
                                        0.5,
                                        Duration.ofHours(2),
                                        Severity.CRITICAL),
                                new Rule(
                                        "loss",
                                        List.of(),
                                        Measure.LOG_LOSS,
                                        new Threshold.Baseline(0.1),
                                        Direction.ABOVE,
                                        2,
                                        3,
                                        0.8,
                                        hour,
                                        Severity.WARNING),
                                new Rule(
                                        "few",
                                        List.of(),
                                        Measure.ROWS,
                                        new Threshold.Fixed(50),
                                        Direction.BELOW,
                                        2,
                                        3,
                                        0.8,
                                        hour,
                                        Severity.WARNING),
                                new Rule(
                                        "gap",
                                        List.of("distance"),
                                        Measure.KS,
                                        new Threshold.Fixed(0.1),
                                        Direction.ABOVE,
                                        2,
                                        3,
                                        0.8,
                                        hour,
                                        Severity.INFO))));
        assertThat(Rollout.fromBody(EveryKey.ROLLOUT))
                .isEqualTo(new Rollout(
                        "quick",
                        "late-arrival",
                        new Shadow(Duration.ofHours(2), 5),
                        List.of(new CanaryStep(0.1, hour)),
                        new Health("everything", 0.5, Duration.ofMillis(250), 6),
                        Duration.ofHours(5),
                        Duration.ofHours(4)));
        assertThat(Retraining.fromBody(EveryKey.RETRAINING))
                .isEqualTo(new Retraining(
                        "often",
                        "late-arrival",
                        Optional.of(new Schedule(Duration.ofHours(12), Instant.parse("2001-02-01T00:00:00Z"))),
                        List.of(
                                new AlertTrigger("everything", Optional.empty()),
                                new AlertTrigger("everything", Optional.of("gap"))),
                        Duration.ofDays(9),
                        new Gate(Duration.ofDays(1), Loss.BRIER, 0.001, 11),
                        Duration.ofHours(13),
                        new Budget(2, Duration.ofDays(10)),
                        "quick"));
    }

    @Test
    void aBodyIsReadWithoutItsNeighbours() {
        for (Monitor monitor : FLIGHTS.monitors()) {
            assertThat(Monitor.fromBody(body("Monitor/" + monitor.name()))).isEqualTo(monitor);
        }
        for (Rollout rollout : FLIGHTS.rollouts()) {
            assertThat(Rollout.fromBody(body("Rollout/" + rollout.name()))).isEqualTo(rollout);
        }
        for (Retraining retraining : FLIGHTS.retrainings()) {
            assertThat(Retraining.fromBody(body("Retraining/" + retraining.name())))
                    .isEqualTo(retraining);
        }
    }

    @Test
    void aBodyOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> Monitor.fromBody(body("Rollout/careful")))
                .isInstanceOf(DefinitionsException.class)
                .hasMessage("registry:1:1 unknown-kind the body is not one Monitor; give the body of one");
        assertThatThrownBy(() -> Rollout.fromBody("{}")).hasMessageContaining("missing-key");
        assertThatThrownBy(() -> Retraining.fromBody("")).isInstanceOf(DefinitionsException.class);
        assertThatThrownBy(() -> Rollout.fromBody(body("Rollout/careful").replace("\"share\":0.05", "\"share\":5")))
                .hasMessageContaining("bad-value 'share' cannot be 5; write a number more than 0 and less than 1");
    }

    @Test
    void whatHasNumbersIsWatched() {
        RowSchema service = new RowSchema(List.of(
                new Column("city", ColumnType.STRING),
                new Column("hour", ColumnType.INT64),
                new Column("view.mean", ColumnType.FLOAT64),
                new Column("at", ColumnType.TIMESTAMP),
                new Column("member", ColumnType.BOOL)));
        assertThat(Monitor.watchable(service)).containsExactly("hour", "view.mean", "member");
    }

    @Test
    void anAlarmEndsOnTheWayBackToZero() {
        Rule above = psi("x", "@label", 1, 1);
        Rule below = Monitor.fromBody(EveryKey.MONITOR).rule("few").orElseThrow();
        assertThat(above.leaveLevel(0.5)).isEqualTo(0.4);
        assertThat(above.leaveLevel(-0.5)).isEqualTo(-0.5);
        assertThat(below.leaveLevel(50)).isEqualTo(50);
        assertThat(below.leaveLevel(-0.5)).isEqualTo(-0.4);
    }

    @Test
    void aBaselineIsLeftInTheBadDirection() {
        Threshold.Baseline share = new Threshold.Baseline(0.5);
        assertThat(share.of(0.5, Direction.BELOW)).isEqualTo(0.25);
        assertThat(share.of(0.5, Direction.ABOVE)).isEqualTo(0.75);
    }
}
