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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every kind of window by its rule, to the millisecond; and the oracle says the same. */
class WindowRulesTest {
    private static final RowSchema SOURCE = new RowSchema(List.of(new Column("x", ColumnType.INT64)));

    private final List<Change> changes = new ArrayList<>();

    @Test
    void anExactWindowIsNotRounded() {
        ViewPlan plan = plan(new Window.Exact(100, 10));
        add(1, 1_000, 7);
        add(2, 1_009, 5);
        assertThat(read(plan, 1_100)).isEqualTo("OK 12");
        assertThat(read(plan, 1_101)).isEqualTo("OK 5");
        assertThat(read(plan, 1_109)).isEqualTo("OK 5");
        assertThat(read(plan, 1_110)).isEqualTo("NULL");
    }

    @Test
    void anExactWindowIsTruncatedByAllChangesOfItsTiles() {
        ViewPlan plan = plan(new Window.Exact(120, 3)); // tiles of 10 ms
        add(1, 1_001, 1);
        add(2, 1_005, 1);
        add(3, 1_006, 1);
        assertThat(read(plan, 1_122))
                .as("three in the tiles, two in the window")
                .isEqualTo("OK 2");
        add(4, 1_050, 1);
        assertThat(read(plan, 1_129)).as("four in the tiles, one in the window").isEqualTo("TRUNCATED");
        assertThat(read(plan, 1_130)).isEqualTo("OK 1");
    }

    @Test
    void aRowTakenAwayCountsForTheLimitToo() {
        ViewPlan plan = plan(new Window.Exact(120, 3));
        add(1, 1_000, 7);
        add(2, 1_001, 5);
        takeAway(9, 1_000, 7);
        assertThat(read(plan, 1_050)).isEqualTo("OK 5");
        takeAway(10, 1_001, 5);
        assertThat(read(plan, 1_050)).isEqualTo("TRUNCATED");
    }

    @Test
    void aRowMayBeTakenAwayBeforeItComes() {
        ViewPlan plan = plan(new Window.Exact(120, 10));
        takeAway(9, 1_000, 7);
        add(2, 1_001, 5);
        add(1, 1_000, 7);
        assertThat(read(plan, 1_050)).isEqualTo("OK 5");
    }

    @Test
    void aTumblingWindowIsTheLastCompleteOne() {
        ViewPlan plan = plan(new Window.Hopping(100, 100));
        add(1, 999, 1);
        add(2, 1_000, 2);
        add(3, 1_099, 4);
        add(4, 1_100, 8);
        assertThat(read(plan, 1_100)).isEqualTo("OK 6");
        assertThat(read(plan, 1_199)).isEqualTo("OK 6");
        assertThat(read(plan, 1_200)).isEqualTo("OK 8");
        assertThat(read(plan, 1_300)).isEqualTo("NULL");
    }

    @Test
    void aHoppingWindowEndsAtEveryHop() {
        ViewPlan plan = plan(new Window.Hopping(100, 40)); // tiles of 20 ms
        add(1, 1_019, 1);
        add(2, 1_020, 2);
        add(3, 1_119, 4);
        add(4, 1_120, 8);
        assertThat(read(plan, 1_121)).as("[1020, 1120)").isEqualTo("OK 6");
        assertThat(read(plan, 1_159)).isEqualTo("OK 6");
        assertThat(read(plan, 1_160)).as("[1060, 1160)").isEqualTo("OK 12");
    }

    @Test
    void whatIsKnownLateCorrectsACompleteWindow() {
        ViewPlan plan = plan(new Window.Hopping(100, 100));
        add(1, 1_000, 2);
        changes.add(new Change(false, EventId.of(2), 1_050, 1_150, new Row(1).setLong(0, 4)));
        assertThat(read(plan, 1_149)).isEqualTo("OK 2");
        assertThat(read(plan, 1_150)).isEqualTo("OK 6");
    }

    @Test
    void aSessionStaysOpenForExactlyItsGap() {
        ViewPlan plan = plan(new Window.Session(30, 300));
        add(1, 1_000, 1);
        add(2, 1_030, 2);
        assertThat(read(plan, 1_060)).isEqualTo("OK 3");
        assertThat(read(plan, 1_061)).isEqualTo("NULL");
    }

    @Test
    void aGapOneMillisecondTooLongSplitsASession() {
        ViewPlan plan = plan(new Window.Session(30, 300));
        add(1, 1_000, 1);
        add(2, 1_031, 2);
        add(3, 1_061, 4);
        assertThat(read(plan, 1_062)).isEqualTo("OK 6");
    }

    @Test
    void anEventInBetweenJoinsTwoSessions() {
        ViewPlan plan = plan(new Window.Session(30, 300));
        add(1, 1_000, 1);
        add(3, 1_050, 4);
        assertThat(read(plan, 1_051)).isEqualTo("OK 4");
        changes.add(new Change(false, EventId.of(2), 1_025, 1_060, new Row(1).setLong(0, 2)));
        assertThat(read(plan, 1_059)).isEqualTo("OK 4");
        assertThat(read(plan, 1_060)).isEqualTo("OK 7");
    }

    @Test
    void aSessionIsCutAtItsGreatestLength() {
        ViewPlan plan = plan(new Window.Session(30, 60));
        for (int i = 0; i < 20; i++) {
            add(i, 990 + i * 30, 1);
        }
        assertThat(read(plan, 1_561)).as("from 1500 on").isEqualTo("OK 3");
    }

    @Test
    void whatAFeatureLeavesOutStillKeepsASessionOpen() {
        FeatureSpec odd = new FeatureSpec(
                "f", "sum", Map.of(), Optional.of("x"), Optional.of("x % 2 == 1"), new Window.Session(30, 300));
        ViewPlan plan = plan(odd);
        add(1, 1_000, 1);
        add(2, 1_030, 2);
        add(3, 1_060, 3);
        assertThat(read(plan, 1_090)).isEqualTo("OK 4");
    }

    @Test
    void theLastRowsAreTheGreatestInTheTotalOrder() {
        ViewPlan plan = plan(new Window.Rows(2));
        add(5, 1_000, 1);
        add(4, 1_000, 2);
        add(3, 1_000, 4);
        assertThat(read(plan, 1_500)).as("ids 4 and 5").isEqualTo("OK 3");
        add(1, 1_001, 8);
        assertThat(read(plan, 1_001)).isEqualTo("OK 3");
        assertThat(read(plan, 1_002)).as("id 5 and the newest").isEqualTo("OK 9");
    }

    @Test
    void viewsWithSessionsOrLastRowsTakeNothingAway() {
        Change retraction = new Change(true, EventId.of(1), 1_000, 1_001, new Row(1).setLong(0, 7));
        assertThat(plan(new Window.Session(30, 60)).rejection(retraction).orElseThrow())
                .startsWith("view v cannot take a row away: feature f (a session) does not retract");
        assertThat(plan(new Window.Rows(3)).rejection(retraction).orElseThrow())
                .startsWith("view v cannot take a row away: feature f (the last 3 rows) does not retract");
        assertThat(plan(new Window.Exact(30, 60)).rejection(retraction)).isEmpty();
    }

    @Test
    void anExactWindowKeepsNoMoreRowsThanItsLimit() {
        ViewPlan plan = plan(new Window.Exact(1_200, 100));
        KeyState state = new KeyState(plan);
        for (int i = 0; i < 2_000; i++) {
            state.route(change(i, 1_000 + i, 1), false);
            if (i % 10 == 0) {
                state.fold();
            }
        }
        state.fold();
        assertThat(state.encodeBase().length).isLessThan(100 * 10 + 100);
        assertThat(state.read(3_000).status(0)).isEqualTo(Status.TRUNCATED);
        assertThat(state.read(4_150).row().getLong(0)).isEqualTo(50);
    }

    @Test
    void aSessionIsExplainedFromItsFirstEventOn() {
        ViewPlan plan = plan(new Window.Session(30, 300));
        add(1, 900, 1);
        add(2, 1_000, 2);
        add(3, 1_030, 4);
        add(4, 1_040, 8);
        Explanation session = explained(plan, 1_050);
        assertThat(session.value()).isEqualTo("14");
        assertThat(session.from()).isEqualTo(1_000);
        assertThat(session.parts())
                .extracting(Explanation.Part::holds)
                .containsExactly("count 1, sum 2", "count 1, sum 4", "count 1, sum 8");
        Explanation over = explained(plan, 2_000);
        assertThat(over.parts()).isEmpty();
        assertThat(over.reason()).startsWith("no change that counts has its event time in the window");
    }

    @Test
    void onlyTheLastRowsExplainThem() {
        ViewPlan plan = plan(new Window.Rows(3));
        for (int i = 0; i < 5; i++) {
            add(i, 1_000 + i * 50, 1 << i);
        }
        Explanation rows = explained(plan, 1_300);
        assertThat(rows.value()).isEqualTo("28");
        assertThat(rows.from()).isEqualTo(1_100);
        assertThat(rows.parts())
                .extracting(Explanation.Part::holds)
                .containsExactly("count 2, sum 12", "count 1, sum 16");
    }

    @Test
    void anExactWindowIsExplainedByWhatIsInsideToTheMillisecond() {
        ViewPlan plan = plan(new Window.Exact(120, 4)); // tiles of 10 ms
        add(1, 1_001, 1);
        add(2, 1_005, 2);
        add(3, 1_060, 4);
        Explanation inside = explained(plan, 1_123);
        assertThat(inside.value()).isEqualTo("6");
        assertThat(inside.from()).isEqualTo(1_003);
        assertThat(inside.parts())
                .extracting(Explanation.Part::holds)
                .containsExactly("count 1, sum 2", "count 1, sum 4");
        add(4, 1_061, 8);
        add(5, 1_062, 8);
        assertThat(explained(plan, 1_123).status()).isEqualTo(Status.TRUNCATED);
        assertThat(explained(plan, 1_123).reason()).startsWith("more than 4 changes in the tiles of the window");
    }

    private Explanation explained(ViewPlan plan, long t) {
        KeyState state = new KeyState(plan);
        changes.forEach(change -> state.route(change, false));
        return state.explain(t, 0);
    }

    @Test
    void tooManyTilesAreRefusedWithARemedy() {
        assertThatThrownBy(() -> plan(new Window.Sliding(90L * 86_400_000, 60_000)))
                .hasMessage("feature f: its window needs 129602 tiles of 60000 ms for every key, more than 4000;"
                        + " write a resolution of at least 1944973 ms");
        assertThat(plan(new Window.Sliding(90L * 86_400_000, 1_944_973)).tiers())
                .hasSize(1);
        assertThatThrownBy(() -> plan(new Window.Hopping(86_400_001, 1_000)))
                .hasMessageEndingWith("tiles are as wide as the greatest time that divides length and hop: make that at"
                        + " least 21612 ms");
        assertThatThrownBy(() -> plan(new Window.Session(10, 1_000_000)))
                .hasMessageEndingWith("write a maxLength of at most 39980 ms, or a longer gap");
        assertThat(plan(new Window.Session(10, 39_980)).tiers()).hasSize(1);
        assertThatThrownBy(() -> plan(new Window.Exact(12L * 365 * 86_400_000, 10)))
                .hasMessageContaining("write a shorter window");
        assertThat(plan(Window.Sliding.of(10L * 365 * 86_400_000)).tiers()).hasSize(1);
    }

    private void add(long id, long eventTime, long x) {
        changes.add(change(id, eventTime, x));
    }

    private static Change change(long id, long eventTime, long x) {
        return new Change(false, EventId.of(id), eventTime, eventTime, new Row(1).setLong(0, x));
    }

    private void takeAway(long id, long eventTime, long x) {
        changes.add(new Change(true, EventId.of(id), eventTime, eventTime, new Row(1).setLong(0, x)));
    }

    /** By the state, folded half-way and not; by the oracle too. */
    private String read(ViewPlan plan, long t) {
        String expected = text(new NaiveOracle(plan, changes).valuesAt(t));
        for (boolean folds : new boolean[] {false, true}) {
            KeyState state = new KeyState(plan);
            for (Change change : changes) {
                if (change.visibleAt() <= t) {
                    state.route(change, false);
                    if (folds) {
                        state.fold();
                    }
                }
            }
            assertThat(text(state.read(t))).isEqualTo(expected);
        }
        return expected;
    }

    private static String text(FeatureValues values) {
        String value = values.row().isNull(0) ? "" : " " + values.row().getLong(0);
        return values.status(0) + value;
    }

    private static ViewPlan plan(Window window) {
        return plan(new FeatureSpec("f", "sum", Map.of(), Optional.of("x"), Optional.empty(), window));
    }

    private static ViewPlan plan(FeatureSpec feature) {
        ViewSpec spec =
                new ViewSpec("v", List.of("x"), Optional.empty(), List.of(), List.of(feature), 1_000_000, 500, 20, 2);
        return ViewPlan.compile(spec, SOURCE);
    }
}
