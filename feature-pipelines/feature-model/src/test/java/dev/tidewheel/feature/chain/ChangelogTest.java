package dev.tidewheel.feature.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveChangelog;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.RandomHistory;
import dev.tidewheel.feature.view.RandomViews;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A changelog tells what the naive one tells, in whatever order changes come; and views over it are views. */
class ChangelogTest {
    private static final int PROGRAMS = 20;
    private static final RowSchema SOURCE =
            new RowSchema(List.of(new Column("card", ColumnType.STRING), new Column("amount", ColumnType.INT64)));

    private record Identity(boolean retraction, EventId id) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsToldIsAFunctionOfTheSet(long seed) {
        int told = 0;
        int together = 0;
        for (int program = 0; program < PROGRAMS; program++) {
            Random random = new Random((seed * 1_000 + program) * 0x9E3779B97F4A7C15L);
            boolean retracts = random.nextBoolean();
            ViewPlan plan = RandomViews.plan(random, retracts);
            List<Change> history = history(random, retracts);
            String place = "seed " + seed + ", program " + program;
            List<Change> first = tell(plan, history, random, place);
            Collections.shuffle(history, random);
            List<Change> second = tell(plan, history, random, place);
            assertThat(second).as(place).isEqualTo(first);
            told += first.size();
            together += (int) (first.size()
                    - first.stream().map(Change::knownTime).distinct().count());
            compareChained(plan, first, history, random, place);
        }
        assertThat(told).isGreaterThan(300);
        assertThat(together).as("records of one moment").isGreaterThan(5);
    }

    /** Copies say the same event time: which of several claims counts is by the order of arrival, for every view. */
    private static List<Change> history(Random random, boolean retracts) {
        RandomHistory.Style style = new RandomHistory.Style(retracts, 1, false, true, false);
        long gap = List.of(500L, 30_000L, 600_000L).get(random.nextInt(3));
        Map<Identity, Long> eventTimes = new HashMap<>();
        List<Change> history = new ArrayList<>();
        for (Change change : new RandomHistory(random, style, 300_000).generate(20 + random.nextInt(80), gap)) {
            Identity identity = new Identity(change.retraction(), change.id());
            if (eventTimes.computeIfAbsent(identity, unseen -> change.eventTime()) == change.eventTime()) {
                history.add(change);
            }
        }
        return history;
    }

    private static List<Change> tell(ViewPlan plan, List<Change> arrivals, Random random, String place) {
        List<NaiveChangelog.Told> expected = new NaiveChangelog(plan, arrivals).told();
        List<Change> told = new ArrayList<>();
        Set<Identity> seen = new HashSet<>();
        KeyState served = new KeyState(plan);
        Changelog changelog = new Changelog(plan);
        for (int i = 0; i < arrivals.size(); i++) {
            Change change = arrivals.get(i);
            Identity identity = new Identity(change.retraction(), change.id());
            assertThat(changelog.offer(change, seen.contains(identity)))
                    .as(place)
                    .isTrue();
            switch (served.route(change, seen.contains(identity))) {
                case APPLIED, FILTERED -> seen.add(identity);
                case LATE, REJECTED, DUPLICATE -> {}
            }
            if (random.nextInt(3) == 0) {
                told.addAll(changelog.advance(watermark(arrivals, i + 1)));
            }
            if (random.nextInt(5) == 0) {
                byte[] bytes = changelog.encode();
                changelog = Changelog.decode(plan, bytes);
                assertThat(changelog.encode()).as(place).isEqualTo(bytes);
            }
        }
        told.addAll(changelog.advance(Long.MAX_VALUE));
        assertThat(changelog.waiting()).isZero();
        assertThat(told).as(place).hasSameSizeAs(expected);
        for (int i = 0; i < told.size(); i++) {
            assertTold(plan, told.get(i), expected.get(i), place + ", record " + i);
        }
        return told;
    }

    /** The greatest that is true: nothing known up to then is still to come. */
    private static long watermark(List<Change> arrivals, int arrived) {
        return arrivals.subList(arrived, arrivals.size()).stream()
                .mapToLong(change -> change.knownTime() - 1)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static void assertTold(ViewPlan plan, Change told, NaiveChangelog.Told expected, String place) {
        assertThat(told.visibleAt()).as(place).isEqualTo(expected.visibleAt());
        assertThat(told.knownTime()).as(place).isEqualTo(expected.visibleAt());
        assertThat(told.id().toString())
                .as(place)
                .endsWith(expected.change().id().toString());
        Row values = expected.values().row();
        for (int slot = 0; slot < values.size(); slot++) {
            assertThat(told.row().isNull(1 + slot)).as(place).isEqualTo(values.isNull(slot));
            assertThat(told.row().words()[1 + slot])
                    .as(place + ": " + plan.spec().features().get(slot))
                    .isEqualTo(values.words()[slot]);
            assertThat(told.row().getString(1 + slot)).as(place).isEqualTo(values.getString(slot));
        }
    }

    private static void compareChained(
            ViewPlan plan, List<Change> told, List<Change> history, Random random, String place) {
        ViewPlan chained = chained(plan);
        KeyState state = new KeyState(chained);
        told.forEach(record -> state.route(record, false));
        ChangelogRecords records = new ChangelogRecords(plan);
        List<Change> naive = new NaiveChangelog(plan, history)
                .told().stream()
                        .map(each -> records.of(each.change(), each.visibleAt(), each.values()))
                        .toList();
        long t = Math.max(state.foldedThrough(), RandomHistory.START) + random.nextInt(3_600_000);
        FeatureValues expected = new NaiveOracle(chained, naive).valuesAt(t);
        assertThat(state.read(t).row()).as(place).isEqualTo(expected.row());
        assertThat(state.read(t).statuses()).as(place).isEqualTo(expected.statuses());
    }

    private static ViewPlan chained(ViewPlan upstream) {
        List<FeatureSpec> features = List.of(
                new FeatureSpec("n", "count", Map.of(), Optional.empty(), Optional.empty(), new Window.Lifetime()),
                new FeatureSpec("now", "latest", Map.of(), Optional.of("f0"), Optional.empty(), new Window.Lifetime()),
                new FeatureSpec(
                        "different",
                        "distinct",
                        Map.of(),
                        Optional.of("f1"),
                        Optional.empty(),
                        Window.Sliding.of(60_000)));
        ViewSpec spec = new ViewSpec(
                "chained", List.of("s"), Optional.empty(), List.of(), features, Long.MAX_VALUE, 0, 10_000, 16);
        return ViewPlan.compile(spec, new ChangelogRecords(upstream).schema());
    }

    @Test
    void aRecordHoldsTheValueOfItsMoment() {
        ViewPlan plan = spending();
        Changelog changelog = new Changelog(plan);
        changelog.offer(spend(2, 1_000, 1_005, 20), false);
        changelog.offer(spend(1, 1_000, 1_002, 10), false);
        assertThat(changelog.advance(1_001)).isEmpty();
        assertThat(changelog.advance(1_004)).containsExactly(record("+1", 1_002, 10));
        assertThat(changelog.advance(1_005)).containsExactly(record("+2", 1_005, 30));
    }

    @Test
    void allThatShareAMomentAreInEachOthersValues() {
        Changelog changelog = new Changelog(spending());
        changelog.offer(spend(2, 1_000, 1_005, 20), false);
        changelog.offer(spend(1, 1_001, 1_005, 10), false);
        assertThat(changelog.advance(1_005)).containsExactly(record("+2", 1_005, 30), record("+1", 1_005, 30));
    }

    @Test
    void timeAloneTellsNothing() {
        Changelog changelog = new Changelog(spending());
        changelog.offer(spend(1, 1_000, 1_000, 10), false);
        assertThat(changelog.advance(1_001)).hasSize(1);
        assertThat(changelog.advance(100_000_000))
                .as("the window is empty by now")
                .isEmpty();
        changelog.offer(spend(2, 100_000_001, 100_000_001, 5), false);
        assertThat(changelog.advance(100_000_002)).containsExactly(record("+2", 100_000_002, 5));
    }

    @Test
    void whatIsTakenAwayIsARecordToo() {
        Changelog changelog = new Changelog(spending());
        changelog.offer(spend(1, 1_000, 1_000, 10), false);
        changelog.offer(
                new Change(true, EventId.of(1), 1_000, 1_500, spend(1, 0, 0, 10).row()), false);
        List<Change> told = changelog.advance(2_000);
        assertThat(told).extracting(record -> record.id().toString()).containsExactly("+1", "-1");
        assertThat(told.get(1).row().isNull(1)).isTrue();
    }

    @Test
    void whatComesBehindTheWatermarkIsNotTaken() {
        Changelog changelog = new Changelog(spending());
        changelog.offer(spend(1, 1_000, 1_010, 10), false);
        changelog.advance(1_005);
        assertThat(changelog.offer(spend(2, 1_000, 1_005, 20), false)).isFalse();
        assertThat(changelog.offer(spend(1, 1_000, 1_004, 10), true))
                .as("an earlier copy")
                .isFalse();
        assertThat(changelog.offer(spend(3, 1_005, 1_005, 40), false))
                .as("due later")
                .isTrue();
        assertThat(changelog.advance(1_010)).containsExactly(record("+3", 1_006, 40), record("+1", 1_010, 50));
        assertThatThrownBy(() -> changelog.advance(1_009)).hasMessageStartingWith("a watermark does not go back");
    }

    @Test
    void bytesOfAnotherFormatAreRefused() {
        byte[] bytes = new Changelog(spending()).encode();
        bytes[0] = 9;
        assertThatThrownBy(() -> Changelog.decode(spending(), bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a changelog has format 9");
    }

    private static Change spend(long id, long eventTime, long knownTime, long amount) {
        Row row = new Row(2).setString(0, "c").setLong(1, amount);
        return new Change(false, EventId.of(id), eventTime, knownTime, row);
    }

    private static Change record(String id, long visibleAt, long spent) {
        Row row = new Row(2).setString(0, "c").setLong(1, spent);
        return new Change(false, EventId.of(id), visibleAt - 1, visibleAt, row);
    }

    private static ViewPlan spending() {
        FeatureSpec spent = new FeatureSpec(
                "spent", "sum", Map.of(), Optional.of("amount"), Optional.empty(), Window.Sliding.of(3_600_000));
        ViewSpec spec = new ViewSpec(
                "spending",
                List.of("card"),
                Optional.empty(),
                List.of(),
                List.of(spent),
                86_400_000,
                600_000,
                10_000,
                8);
        return ViewPlan.compile(spec, SOURCE);
    }
}
