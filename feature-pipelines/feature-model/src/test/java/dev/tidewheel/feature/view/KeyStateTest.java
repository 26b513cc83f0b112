package dev.tidewheel.feature.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.window.Window;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules one by one, on a view with a count and a sum over 100 ms at 10 ms and a lifetime count. */
class KeyStateTest {
    private static final RowSchema SOURCE = new RowSchema(List.of(new Column("x", ColumnType.INT64)));
    private static final Window WINDOW = new Window.Sliding(100, 10);
    private static final ViewPlan PLAN = plan(4, feature("count", "count", WINDOW), feature("sum", "sum", WINDOW));

    private final KeyState state = new KeyState(PLAN);

    @Test
    void anEventCountsFromTheMomentWhenItIsKnown() {
        route(1, 1_000, 1_040, 7);
        assertThat(read(1_039)).isEqualTo("0 null");
        assertThat(read(1_040)).isEqualTo("1 7");
    }

    @Test
    void anEventKnownAtOnceCountsOneMillisecondLater() {
        route(1, 1_000, 1_000, 7);
        assertThat(read(1_000)).isEqualTo("0 null");
        assertThat(read(1_001)).isEqualTo("1 7");
    }

    @Test
    void theTailIsRoundedDownToATileEdge() {
        route(1, 1_000, 1_000, 7);
        assertThat(read(1_109)).isEqualTo("1 7");
        assertThat(read(1_110)).isEqualTo("0 null");
        route(2, 1_009, 1_009, 5);
        assertThat(read(1_109)).isEqualTo("2 12");
        assertThat(read(1_110)).isEqualTo("0 null");
    }

    @Test
    void whatIsDatedAheadWaitsUntilItIsDue() {
        route(1, 1_030, 1_000, 7);
        route(2, 1_029, 1_029, 1);
        assertThat(read(1_030)).isEqualTo("1 1");
        assertThat(read(1_031)).isEqualTo("2 8");
    }

    @Test
    void aCopyCountsOnceFromTheEarlierMomentOn() {
        route(1, 1_000, 1_040, 7);
        assertThat(state.route(change(1, 1_000, 1_035, 7), true)).isEqualTo(Disposition.DUPLICATE);
        assertThat(state.route(change(1, 1_000, 1_038, 7), true)).isEqualTo(Disposition.DUPLICATE);
        assertThat(read(1_034)).isEqualTo("0 null");
        assertThat(read(1_035)).isEqualTo("1 7");
        assertThat(state.version()).isEqualTo(new Version(1_040, 3));
    }

    @Test
    void aLateChangeIsBookedAndNothingElse() {
        assertThat(state.route(change(1, 1_000, 2_001, 7), false)).isEqualTo(Disposition.LATE);
        assertThat(state.route(change(2, 1_000, 2_000, 7), false)).isEqualTo(Disposition.APPLIED);
        assertThat(state.count(Disposition.LATE)).isEqualTo(1);
        assertThat(state.version()).isEqualTo(new Version(2_001, 2));
    }

    @Test
    void aChangeTooFarAheadIsRejectedWithAReason() {
        Change far = change(1, 1_501, 1_000, 7);
        assertThat(state.route(far, true)).isEqualTo(Disposition.REJECTED);
        assertThat(PLAN.rejection(far)).contains("the event time 1501 lies more than 500 ms after the known time 1000");
        assertThat(state.route(change(2, 1_500, 1_000, 7), false)).isEqualTo(Disposition.APPLIED);
    }

    @Test
    void aViewThatCannotRetractRejectsRetractions() {
        ViewPlan plan = plan(4, feature("latest", "last", WINDOW));
        Change retraction = new Change(true, EventId.of(1), 1_000, 1_001, new Row(1).setLong(0, 7));
        assertThat(new KeyState(plan).route(retraction, false)).isEqualTo(Disposition.REJECTED);
        assertThat(plan.rejection(retraction).orElseThrow())
                .startsWith("view v cannot take a row away: feature latest (last) does not retract");
        assertThat(PLAN.rejection(retraction)).isEmpty();
    }

    @Test
    void aRowIsTakenBackFromTheMomentWhenThatIsKnown() {
        route(1, 1_000, 1_010, 7);
        Change retraction = new Change(true, EventId.of(1), 1_000, 1_020, new Row(1).setLong(0, 7));
        assertThat(state.route(retraction, false)).isEqualTo(Disposition.APPLIED);
        assertThat(read(1_019)).isEqualTo("1 7");
        assertThat(read(1_020)).isEqualTo("0 null");
    }

    @Test
    void youngChangesStayApartAndOldOnesCannotBeLeftOutAnyMore() {
        route(1, 1_000, 1_000, 7);
        assertThat(state.foldedThrough()).isEqualTo(Long.MIN_VALUE);
        route(2, 1_050, 1_050, 1); // 49 ms younger, the head spans 20
        assertThat(state.foldedThrough()).isEqualTo(1_001);
        assertThat(state.read(1_000).status(0)).isEqualTo(Status.READ_POINT_PASSED);
        assertThat(state.read(1_000).row().isNull(0)).isTrue();
        assertThat(read(1_001)).isEqualTo("1 7");
    }

    @Test
    void aWrongClockDoesNotMoveTheReadPoint() {
        route(1, 1_000, 1_000, 7);
        assertThat(state.route(change(2, 1_000, 3_000_000_000_000L, 7), false)).isEqualTo(Disposition.LATE);
        route(3, 1_010, 1_010, 1);
        assertThat(state.foldedThrough()).isEqualTo(Long.MIN_VALUE);
        assertThat(read(1_001)).isEqualTo("1 7");
        route(4, 3_000_000_000_000L, 3_000_000_000_000L, 1); // applied, consistently wrong
        route(5, 1_020, 1_020, 1);
        assertThat(state.foldedThrough()).isEqualTo(1_011);
        assertThat(read(1_020)).isEqualTo("2 8");
        assertThat(read(1_021)).isEqualTo("3 9");
    }

    @Test
    void theFirstMomentsOfTimeAreNotTheLast() {
        route(1, Long.MIN_VALUE + 1, Long.MIN_VALUE + 1, 7);
        assertThat(state.foldedThrough()).isEqualTo(Long.MIN_VALUE);
        assertThat(read(Long.MIN_VALUE + 2)).isEqualTo("1 7");
    }

    @Test
    void aCopyWithAnotherEventTimeCountsAtTheFirstOnes() {
        route(1, 1_000, 1_040, 7);
        assertThat(state.route(change(1, 1_030, 1_020, 7), true)).isEqualTo(Disposition.DUPLICATE);
        assertThat(read(1_019)).isEqualTo("0 null");
        assertThat(read(1_020)).isEqualTo("1 7");
    }

    @Test
    void whenThereAreTooManyTheFirstToBecomeVisibleAreFolded() {
        for (int i = 0; i < 6; i++) {
            route(i, 1_000, 1_010 - i, 1);
        }
        assertThat(state.foldedThrough()).isEqualTo(1_006);
        assertThat(read(1_006)).isEqualTo("2 2");
        assertThat(read(1_010)).isEqualTo("6 6");
    }

    @Test
    void foldingForgetsWhatNoExactReadCanNeed() {
        for (int i = 0; i < 1_000; i++) {
            route(i, 1_000 + i * 10, 1_000 + i * 10, 1);
            state.fold();
        }
        assertThat(state.baseGeneration()).isEqualTo(1_000);
        assertThat(state.encodeBase().length).isLessThan(80);
        assertThat(read(10_991)).isEqualTo("11 11");
    }

    @Test
    void whatIsNotDueWaitsHoweverMuchItIs() {
        for (int i = 0; i < 50; i++) {
            route(i, 1_400, 1_000, 1);
        }
        route(50, 1_000, 1_000, 7);
        route(51, 1_001, 1_001, 5);
        assertThat(read(1_002)).isEqualTo("2 12");
        assertThat(state.read(1_002).status(0)).isEqualTo(Status.OK);
        KeyState restored = KeyState.decode(PLAN, null, state.encodeHead());
        assertThat(restored.read(1_400).row().getLong(0)).isZero();
        assertThat(restored.read(1_401).row().getLong(0)).isEqualTo(50);
    }

    @Test
    void aKeyNeverSeenHasNoValuesButCountsAreZero() {
        FeatureValues absent = KeyState.absent(PLAN);
        assertThat(absent.statuses()).containsOnly(Status.NOT_FOUND.code());
        assertThat(absent.row().getLong(0)).isZero();
        assertThat(absent.row().isNull(1)).isTrue();
        assertThat(NaiveOracle.absent(PLAN)).usingRecursiveComparison().isEqualTo(absent);
    }

    @Test
    void aRowThatCannotBeEvaluatedIsRejectedUnlessAFilterExcludesIt() {
        FeatureSpec guarded =
                new FeatureSpec("guarded", "sum", Map.of(), Optional.of("100 / x"), Optional.of("x != 0"), WINDOW);
        FeatureSpec open = new FeatureSpec("open", "sum", Map.of(), Optional.of("100 / x"), Optional.empty(), WINDOW);
        Change zero = change(1, 1_000, 1_000, 0);
        assertThat(new KeyState(plan(4, guarded)).route(zero, false)).isEqualTo(Disposition.APPLIED);
        assertThat(new KeyState(plan(4, open)).route(zero, false)).isEqualTo(Disposition.REJECTED);
        assertThat(plan(4, open).rejection(zero).orElseThrow()).startsWith("expression '100 / x' gave ERROR");
    }

    @Test
    void aValueCanBeTakenApart() {
        route(1, 1_000, 1_000, 7);
        route(2, 1_003, 1_003, 2);
        route(3, 1_014, 1_014, 1);
        state.fold();
        route(4, 1_100, 1_100, 5);
        Explanation sum = state.explain(1_101, 1);
        assertThat(sum.value()).isEqualTo("15");
        assertThat(sum.from()).isEqualTo(1_000);
        assertThat(sum.parts())
                .containsExactly(
                        new Explanation.Tile(1_000, 10, "count 2, sum 9"),
                        new Explanation.Tile(1_010, 10, "count 1, sum 1"),
                        new Explanation.RawChange(EventId.of(4), false, 1_100, 1_101, "count 1, sum 5"));
        assertThat(state.explain(1_100 + 200, 1).reason())
                .isEqualTo("no change that counts has its event time in the window and is visible");
        assertThat(state.explain(1_014, 1).reason()).startsWith("changes that became visible up to");
    }

    @Test
    void anExplanationTellsWhatIsNotVisibleYet() {
        route(1, 1_000, 1_040, 7);
        assertThat(state.explain(1_039, 1).reason()).endsWith("is visible yet; 1 will be later");
        assertThat(state.explain(1_039, 1).status()).isEqualTo(Status.NULL);
    }

    @Test
    void bothHalvesMustBeOfOnePlanAndOneGeneration() {
        route(1, 1_000, 1_000, 7);
        byte[] firstHead = state.encodeHead();
        state.fold();
        byte[] base = state.encodeBase();
        assertThatThrownBy(() -> KeyState.decode(PLAN, base, firstHead))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the head applies to base generation 0, got generation 1: the two halves must be read"
                        + " together");
        ViewPlan other = plan(4, feature("count", "count", WINDOW));
        assertThatThrownBy(() -> KeyState.decode(other, null, firstHead))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the head was written by another definition of view v");
        byte[] newer = firstHead.clone();
        newer[0] = 9;
        assertThatThrownBy(() -> KeyState.decode(PLAN, null, newer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the head has format 9, this program reads 1");
    }

    private void route(long id, long eventTime, long knownTime, long x) {
        assertThat(state.route(change(id, eventTime, knownTime, x), false)).isEqualTo(Disposition.APPLIED);
    }

    private static Change change(long id, long eventTime, long knownTime, long x) {
        return new Change(false, EventId.of(id), eventTime, knownTime, new Row(1).setLong(0, x));
    }

    private String read(long t) {
        Row row = state.read(t).row();
        return row.getLong(0) + " " + (row.isNull(1) ? "null" : Long.toString(row.getLong(1)));
    }

    private static FeatureSpec feature(String name, String aggregate, Window window) {
        return new FeatureSpec(name, aggregate, Map.of(), Optional.of("x"), Optional.empty(), window);
    }

    private static ViewPlan plan(int headEntries, FeatureSpec... features) {
        return ViewPlan.compile(
                new ViewSpec(
                        "v", List.of("x"), Optional.empty(), List.of(), List.of(features), 1_000, 500, 20, headEntries),
                SOURCE);
    }
}
