package dev.tidewheel.lifecycle.fold;

import static dev.tidewheel.lifecycle.Story.alert;
import static dev.tidewheel.lifecycle.Story.definition;
import static dev.tidewheel.lifecycle.Story.gate;
import static dev.tidewheel.lifecycle.Story.health;
import static dev.tidewheel.lifecycle.Story.manual;
import static dev.tidewheel.lifecycle.Story.observed;
import static dev.tidewheel.lifecycle.Story.tick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.lifecycle.Bodies;
import dev.tidewheel.lifecycle.Story;
import dev.tidewheel.lifecycle.state.Ended;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.lifecycle.state.StateJson;
import dev.tidewheel.records.Approval;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.records.ObservedPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fold, sentence by sentence. Interleavings are the simulation's. */
final class FoldTest {
    private static final Instant MONDAY = Instant.parse("2001-02-05T06:00:00Z");

    private State state = State.initial(Story.MODEL);

    @BeforeEach
    void defined() {
        take(definition("Rollout", "careful", Bodies.ROLLOUT));
        take(definition("Retraining", "weekly", Bodies.WEEKLY));
        take(definition("Retraining", "storm", Bodies.STORM));
        take(definition("ModelAlias", "late-arrival.champion", Bodies.alias("jan")));
    }

    @AfterEach
    void everyStateCanBeReadAgain() {
        assertThat(StateJson.read(StateJson.write(state))).isEqualTo(state);
    }

    @Test
    void goesFromTheScheduleToThePromotion() {
        Decision start = take(tick(MONDAY));
        assertThat(start.reason())
                .isEqualTo("weekly-1 starts (its slot of 2001-02-05T06:00:00Z is due): trains on 2001-01-05T06:00:00Z"
                        + " to 2001-02-02T06:00:00Z, is compared with jan on the rows from there to"
                        + " 2001-02-05T06:00:00Z; run 1 of 4 in 28 days");
        assertThat(start.desired())
                .singleElement()
                .satisfies(wish -> assertThat(wish.spec())
                        .isEqualTo("{\"gate\":{\"against\":[\"jan\"],\"from\":\"2001-02-02T06:00:00Z\","
                                + "\"to\":\"2001-02-05T06:00:00Z\"},\"knownBy\":\"2001-02-05T06:00:00Z\","
                                + "\"model\":\"late-arrival\",\"retraining\":\"weekly\",\"train\":"
                                + "{\"from\":\"2001-01-05T06:00:00Z\",\"to\":\"2001-02-02T06:00:00Z\"},"
                                + "\"version\":\"weekly-1\"}"));
        assertThat(state.settled()).isFalse();

        Decision gate = take(observed(
                "training/weekly-1", 1, ObservedPhase.SUCCEEDED, gate("weekly-1", 0.4712, "jan", 0.474), MONDAY));
        assertThat(gate.reason())
                .isEqualTo("challenger weekly-1 has log loss 0.4712 against 0.4740 of champion jan on 10,482 rows:"
                        + " better by more than 0.0; goes to shadow");
        assertThat(gate.numbers().get(0)).isEqualTo(new Finding.Number("challenger_log_loss", 0.4712));
        assertThat(gate.desired()).extracting(Wish::slot).containsExactly("traffic", "training/weekly-1");
        assertThat(gate.desired().get(0).spec())
                .isEqualTo("{\"canary\":null,\"champion\":\"jan\",\"shadow\":\"weekly-1\"}");
        assertThat(gate.desired().get(1).present()).isFalse();

        split(1, MONDAY);
        assertThat(state.settled()).isTrue();
        take(health("weekly-1", MONDAY, 1_200, 1, 35.0, hours(6)));
        assertThat(take(tick(hours(6))).reason())
                .isEqualTo("Shadow of weekly-1 goes on until 2001-02-06T06:00:00Z: 1,200 rows of 1,000");
        assertThat(take(tick(hours(24))).reason())
                .isEqualTo("Shadow of weekly-1 was healthy: 1,200 rows, 0.08 % errors, p99 at most 35.0 ms; goes to"
                        + " Canary(0)");
        split(2, hours(24));
        take(health("weekly-1", hours(24), 45, 0, 35.0, hours(30)));
        Decision second = take(tick(hours(30)));
        assertThat(second.desired().get(0).spec())
                .isEqualTo(
                        "{\"canary\":{\"share\":0.25,\"version\":\"weekly-1\"},\"champion\":\"jan\",\"shadow\":null}");
        split(3, hours(30));
        take(health("weekly-1", hours(30), 200, 0, 35.0, hours(36)));
        assertThat(take(tick(hours(36))).reason()).endsWith("it is promoted to champion");
        assertThat(state.serving().champion()).contains("weekly-1");
        split(4, hours(36));
        assertThat(take(tick(hours(84))).reason()).startsWith("the watch over champion weekly-1 ends");
        assertThat(state.phase()).isEqualTo(new Phase.Idle());
        assertThat(state.history()).extracting(Ended::end).containsExactly(Ended.End.PROMOTED);
    }

    @Test
    void refusesAChallengerThatIsNotBetter() {
        take(tick(MONDAY));
        Decision decision = take(observed(
                "training/weekly-1", 1, ObservedPhase.SUCCEEDED, gate("weekly-1", 0.474, "jan", 0.474), MONDAY));
        assertThat(decision.reason())
                .isEqualTo("challenger weekly-1 has log loss 0.4740 against 0.4740 of champion jan on 10,482 rows: not"
                        + " better by more than 0.0; refused, jan stays champion");
        assertThat(state.phase()).isEqualTo(new Phase.Idle());
        assertThat(state.serving().traffic().generation()).isZero();
        assertThat(state.settled()).isTrue();
    }

    @Test
    void refusesAChallengerWithoutFigures() {
        take(tick(MONDAY));
        assertThat(take(observed("training/weekly-1", 1, ObservedPhase.SUCCEEDED, Map.of("gate", "?"), MONDAY))
                        .reason())
                .startsWith("challenger weekly-1 came without readable figures of its gate");
    }

    @Test
    void abortsAtTheFirstSignOfBadHealth() {
        shadow();
        Decision decision = take(health("weekly-1", MONDAY, 100, 2, 35.0, hours(6)));
        assertThat(decision.reason())
                .isEqualTo("weekly-1 is not healthy in Shadow: 2 errors in 100 rows are 2.00 %, more than 1.00 %;"
                        + " weekly-1 is taken out, champion jan answers alone");
        assertThat(decision.desired().get(0).spec())
                .isEqualTo("{\"canary\":null,\"champion\":\"jan\",\"shadow\":null}");
        assertThat(state.settled()).isFalse();
        split(2, hours(6));
        assertThat(state.settled()).isTrue();
    }

    @Test
    void aWindowThatStraddlesTheBeginningCountsAgainstAVersionNotForIt() {
        take(tick(MONDAY));
        take(observed("training/weekly-1", 1, ObservedPhase.SUCCEEDED, gate("weekly-1", 0.4712, "jan", 0.474), MONDAY));
        Instant begin = MONDAY.plus(Duration.ofMinutes(30));
        split(1, begin);
        Instant before = MONDAY.minus(Duration.ofHours(1));
        assertThat(take(health("weekly-1", before, 100, 50, 35.0, begin)).reason())
                .endsWith("ended before Shadow began");
        assertThat(take(health("weekly-1", MONDAY, 5_000, 1, 35.0, hours(1))).reason())
                .isEqualTo("5,000 rows of weekly-1 counted in Shadow, which began in their window, for their errors"
                        + " alone: 0 rows and 1 errors so far");
        assertThat(take(tick(hours(25))).reason()).contains("0 rows of 1,000");
        assertThat(take(health("weekly-1", MONDAY, 5_000, 1, 35.0, hours(1))).outcome())
                .isEqualTo(Outcome.DUPLICATE);
        assertThat(take(health("weekly-1", hours(1), 100, 80, 35.0, hours(2))).reason())
                .startsWith("weekly-1 is not healthy in Shadow: 81 errors in 5,100 rows");
    }

    @Test
    void refusesAChallengerThatNobodyAskedBeforeTheDeadline() {
        shadow();
        assertThat(take(tick(hours(72))).reason())
                .startsWith("Shadow of weekly-1 is refused: 0 rows before the deadline, but 1,000 rows are needed");
    }

    @Test
    void rollsBackAChampionThatServesBadly() {
        promoted();
        Decision decision = take(health("weekly-1", hours(36), 500, 0, 1_500.0, hours(42)));
        assertThat(decision.reason())
                .isEqualTo("weekly-1 is not healthy in Watching: p99 of 1500.0 ms is above 1,000 ms; weekly-1 is taken"
                        + " out and jan is champion again");
        assertThat(state.serving().champion()).contains("jan");
        assertThat(state.history()).extracting(Ended::end).containsExactly(Ended.End.PROMOTED, Ended.End.ROLLED_BACK);
    }

    @Test
    void rollsBackWhenAPersonSaysSo() {
        promoted();
        take(tick(hours(84)));
        assertThat(take(manual("m-1", null, "rollback", hours(90))).reason())
                .isEqualTo("a person asks for the rollback; weekly-1 is taken out and jan is champion again");
        assertThat(take(manual("m-1", null, "rollback", hours(90))).outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(take(manual("m-2", null, "rollback", hours(91))).reason())
                .endsWith("but no former champion is known");
    }

    @Test
    void stopsATrainingThatAPersonDoesNotWant() {
        take(tick(MONDAY));
        Decision no = take(LifecycleEvent.newBuilder()
                .setId("no-1")
                .setModel(Story.MODEL)
                .setNow(MONDAY.toEpochMilli())
                .setSender("cli")
                .setKind(LifecycleEventKind.APPROVAL)
                .setApproval(new Approval("training/weekly-1", 1L, false, "ada", "too dear"))
                .build());
        assertThat(no.reason()).isEqualTo("ada says no (too dear); the training of weekly-1 shall stop");
        assertThat(take(alert("a", "label-share", "jan", MONDAY)).reason())
                .isEqualTo("storm waits (rule label-share of daily fired: [warning] label-share is high): the model is"
                        + " in Cancelling");
        assertThat(state.settled()).isFalse();
        assertThat(take(observed("training/weekly-1", 2, ObservedPhase.ABSENT, Map.of(), MONDAY))
                        .reason())
                .startsWith("the training of weekly-1 has stopped; storm-1 starts");
    }

    @Test
    void refusesForCoolDownAndBudget() {
        take(tick(MONDAY));
        take(observed("training/weekly-1", 1, ObservedPhase.FAILED, Map.of(), MONDAY));
        assertThat(take(alert("a", "drift", "jan", hours(1))).reason())
                .isEqualTo("weekly does not start (rule drift of daily fired: [warning] drift is high): cool-down until"
                        + " 2001-02-08T06:00:00Z");
        assertThat(take(alert("a", "drift", "jan", hours(1))).outcome()).isEqualTo(Outcome.DUPLICATE);
        for (int i = 1; i <= 2; i++) {
            take(manual("storm-" + i, "storm", "now", hours(i)));
            take(observed("training/storm-" + i, 1, ObservedPhase.FAILED, Map.of(), hours(i)));
        }
        assertThat(take(manual("storm-3", "storm", "now", hours(3))).reason())
                .isEqualTo("storm does not start (a person asks: now): budget spent, 2 of 2 runs in the last 28 days");
    }

    @Test
    void letsOneTriggerPerRetrainingWaitAndDropsWhatIsStale() {
        take(tick(MONDAY));
        take(alert("a", "label-share", "jan", MONDAY));
        assertThat(take(alert("b", "label-share", "jan", hours(1))).reason())
                .isEqualTo("storm waits already, since 2001-02-05T06:00:00Z; this trigger (rule label-share of daily"
                        + " fired: [warning] label-share is high) goes into that one");
        assertThat(state.queue()).hasSize(1);
        take(observed("training/weekly-1", 1, ObservedPhase.SUCCEEDED, gate("weekly-1", 0.4712, "jan", 0.474), MONDAY));
        promoteFromShadow();
        assertThat(take(tick(hours(84))).reason())
                .startsWith("the watch over champion weekly-1 ends")
                .endsWith("the alert is about jan, but champion is weekly-1");
        assertThat(state.queue()).isEmpty();
    }

    @Test
    void startsForWhateverWentIntoTheOneThatWaits() {
        take(tick(MONDAY));
        take(alert("a", "label-share", "jan", MONDAY));
        take(observed("training/weekly-1", 1, ObservedPhase.SUCCEEDED, gate("weekly-1", 0.4712, "jan", 0.474), MONDAY));
        promoteFromShadow();
        take(alert("b", "label-share", "weekly-1", hours(40)));
        assertThat(state.queue().get(0).about()).containsExactly("jan", "weekly-1");
        assertThat(take(tick(hours(84))).reason()).contains("storm-1 starts");
    }

    @Test
    void startsForAPersonWhoseWishWentIntoAStaleAlert() {
        take(tick(MONDAY));
        take(alert("a", "label-share", "jan", MONDAY));
        take(manual("m", "storm", "now", hours(1)));
        take(observed("training/weekly-1", 1, ObservedPhase.SUCCEEDED, gate("weekly-1", 0.4712, "jan", 0.474), MONDAY));
        promoteFromShadow();
        assertThat(take(tick(hours(84))).reason()).contains("storm-1 starts");
    }

    @Test
    void collapsesMissedSlotsIntoOne() {
        assertThat(take(tick(MONDAY.plus(Duration.ofDays(24)))).reason())
                .startsWith("weekly-1 starts (its slot of 2001-02-26T06:00:00Z is due)");
        assertThat(take(tick(MONDAY.plus(Duration.ofDays(25)))).reason()).isEqualTo("weekly-1 is being trained");
    }

    @Test
    void refusesAlertsThatNobodyWaitsForOrThatAreAboutOthers() {
        assertThat(take(alert("a", "other", "jan", MONDAY)).reason())
                .startsWith("no retraining waits for rule other of monitor daily");
        Decision decision = take(alert("b", "drift", "dec", MONDAY));
        assertThat(decision.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(decision.reason()).endsWith("the alert is about dec, but champion is jan");
    }

    @Test
    void takesAnEchoOfTheAliasForWhatItIs() {
        promoted();
        assertThat(take(definition("ModelAlias", "late-arrival.champion", Bodies.alias("jan")))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(state.serving().champion()).contains("weekly-1");
    }

    @Test
    void refusesWhatItCannotRead() {
        State before = state;
        assertThat(take(definition("Retraining", "weekly", "{\"kind\":\"nonsense\"}"))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        LifecycleEvent empty = LifecycleEvent.newBuilder(tick(MONDAY))
                .setKind(LifecycleEventKind.HEALTH)
                .build();
        assertThat(take(empty).reason()).isEqualTo("HEALTH without its contents");
        assertThat(state).isEqualTo(before);
    }

    @Test
    void aDefectIsToldAndStopsNoClock() {
        shadow();
        take(health("weekly-1", MONDAY, 1_200, 0, 35.0, hours(6)));
        State broken = state.with(State.initial(Story.MODEL).serving());
        Decision decision = Fold.decide(broken, tick(hours(24)));
        assertThat(decision.isDefect()).isTrue();
        assertThat(decision.reason())
                .startsWith("defect: TICK cannot be taken: java.util.NoSuchElementException (No value present) at"
                        + " dev.tidewheel.lifecycle.fold.Rollouts.champion:");
        assertThat(decision.state()).isEqualTo(broken.with(hours(24)));
    }

    @Test
    void remembersOnlyTheBeginningOfALongReason() {
        Ended ended = new Ended("weekly-1", "weekly", MONDAY, Ended.End.FAILED, "x".repeat(5_000));
        assertThat(ended.why()).hasSize(300).endsWith("x…");
    }

    private void shadow() {
        take(tick(MONDAY));
        take(observed("training/weekly-1", 1, ObservedPhase.SUCCEEDED, gate("weekly-1", 0.4712, "jan", 0.474), MONDAY));
        split(1, MONDAY);
    }

    private void promoted() {
        take(tick(MONDAY));
        take(observed("training/weekly-1", 1, ObservedPhase.SUCCEEDED, gate("weekly-1", 0.4712, "jan", 0.474), MONDAY));
        promoteFromShadow();
    }

    private void promoteFromShadow() {
        split(1, MONDAY);
        for (int hour : List.of(0, 24, 30)) {
            take(health("weekly-1", hours(hour), 1_200, 0, 35.0, hours(hour + 6)));
            take(tick(hours(hour == 0 ? 24 : hour + 6)));
            split(state.serving().traffic().generation(), hours(hour == 0 ? 24 : hour + 6));
        }
        assertThat(state.phase()).isInstanceOf(Phase.Watching.class);
    }

    private void split(long generation, Instant now) {
        Decision decision = take(observed("traffic", generation, ObservedPhase.SUCCEEDED, Map.of(), now));
        assertThat(decision.outcome()).isEqualTo(Outcome.CHANGED);
    }

    private static Instant hours(long hours) {
        return MONDAY.plus(Duration.ofHours(hours));
    }

    private Decision take(LifecycleEvent event) {
        Decision decision = Fold.decide(state, event);
        assertThat(decision.findings()).isNotEmpty();
        state = decision.state();
        return decision;
    }
}
