package dev.tidewheel.feature.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.chain.Changelog.Offer;
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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            ViewPlan plan = ofOneKey(RandomViews.plan(random, retracts));
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

    /** Every row has that key. */
    private static ViewPlan ofOneKey(ViewPlan plan) {
        ViewSpec view = plan.spec();
        return ViewPlan.compile(
                new ViewSpec(
                        view.name(),
                        List.of("k"),
                        view.where(),
                        view.columns(),
                        view.features(),
                        view.horizonMillis(),
                        view.futureLimitMillis(),
                        view.headSpanMillis(),
                        view.headEntries()),
                plan.source());
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
            Offer offer = changelog.offer(change, seen.contains(identity));
            switch (served.route(change, seen.contains(identity))) {
                case APPLIED, FILTERED -> {
                    assertThat(offer).as(place).isEqualTo(Offer.TAKEN);
                    seen.add(identity);
                }
                case DUPLICATE -> assertThat(offer).as(place).isEqualTo(Offer.TAKEN);
                case LATE, REJECTED -> assertThat(offer).as(place).isEqualTo(Offer.REFUSED);
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
            assertTold(told.get(i), expected.get(i), place + ", record " + i);
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

    private static void assertTold(Change told, NaiveChangelog.Told expected, String place) {
        assertThat(told.visibleAt()).as(place).isEqualTo(expected.visibleAt());
        assertThat(told.knownTime()).as(place).isEqualTo(expected.visibleAt());
        assertThat(told.retraction()).as(place).isFalse();
        assertThat(told.id()).as(place).isEqualTo(expected.record().id());
        assertThat(told.row()).as(place).isEqualTo(expected.record().row());
        Row values = expected.values().row();
        for (int slot = 0; slot < values.size(); slot++) {
            assertThat(told.row().isNull(1 + slot)).as(place).isEqualTo(values.isNull(slot));
            assertThat(told.row().words()[1 + slot]).as(place).isEqualTo(values.words()[slot]);
            assertThat(told.row().getString(1 + slot)).as(place).isEqualTo(values.getString(slot));
        }
    }

    private static void compareChained(
            ViewPlan plan, List<Change> told, List<Change> history, Random random, String place) {
        ViewPlan chained = chained(plan);
        KeyState state = new KeyState(chained);
        told.forEach(record -> state.route(record, false));
        List<Change> naive = new NaiveChangelog(plan, history)
                .told().stream().map(NaiveChangelog.Told::record).toList();
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
                "chained", List.of("k"), Optional.empty(), List.of(), features, Long.MAX_VALUE, 0, 10_000, 16);
        return ViewPlan.compile(spec, new ChangelogRecords(upstream).schema());
    }

    @Test
    void aRecordHoldsTheValueOfItsMoment() {
        ViewPlan plan = spending();
        Changelog changelog = new Changelog(plan);
        changelog.offer(spend(2, 1_000, 1_005, 20), false);
        changelog.offer(spend(1, 1_000, 1_002, 10), false);
        assertThat(changelog.advance(1_001)).isEmpty();
        assertThat(changelog.advance(1_004)).containsExactly(record(" a0a1.c", 1_002, 10));
        assertThat(changelog.advance(1_005)).containsExactly(record(" a0a2.c", 1_005, 30));
    }

    @Test
    void allThatShareAMomentAreInEachOthersValues() {
        Changelog changelog = new Changelog(spending());
        changelog.offer(spend(2, 1_000, 1_005, 20), false);
        changelog.offer(spend(1, 1_001, 1_005, 10), false);
        assertThat(changelog.advance(1_005))
                .containsExactly(record(" a0a2.c", 1_005, 30), record(" a0a1.c", 1_005, 30));
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
        assertThat(changelog.advance(100_000_002)).containsExactly(record(" a0a2.c", 100_000_002, 5));
    }

    @Test
    void whatIsTakenAwayIsARecordToo() {
        Changelog changelog = new Changelog(spending());
        changelog.offer(spend(1, 1_000, 1_000, 10), false);
        changelog.offer(
                new Change(true, EventId.of(1), 1_000, 1_500, spend(1, 0, 0, 10).row()), false);
        List<Change> told = changelog.advance(2_000);
        assertThat(told).extracting(record -> record.id().toString()).containsExactly(" a0a1.c", " a0a1-c");
        assertThat(told.get(1).row().isNull(1)).isTrue();
    }

    @Test
    void whatComesBehindTheWatermarkIsNotTaken() {
        Changelog changelog = new Changelog(spending());
        changelog.offer(spend(1, 1_000, 1_010, 10), false);
        changelog.advance(1_005);
        assertThat(changelog.offer(spend(2, 1_000, 1_005, 20), false)).isEqualTo(Offer.BEHIND);
        assertThat(changelog.offer(spend(1, 1_000, 1_004, 10), true))
                .as("an earlier copy")
                .isEqualTo(Offer.BEHIND);
        assertThat(changelog.offer(spend(3, 1_005, 1_005, 40), false))
                .as("due later")
                .isEqualTo(Offer.TAKEN);
        assertThat(changelog.advance(1_010))
                .containsExactly(record(" a0a3.c", 1_006, 40), record(" a0a1.c", 1_010, 50));
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

    /** What a later version must read: it changes only with the format byte. */
    @Test
    void theBytesArePinned() throws IOException {
        Changelog changelog = new Changelog(spending());
        changelog.offer(spend(2, 1_000, 1_005, 20), false);
        changelog.offer(spend(1, 1_000, 1_002, 10), false);
        changelog.offer(spend(2, 1_000, 1_004, 20), true);
        changelog.advance(1_003);
        String golden;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/golden/changelog-v1.hex"))) {
            golden = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }

        assertThat(HexFormat.of().formatHex(changelog.encode())).isEqualTo(golden);
        Changelog read = Changelog.decode(spending(), HexFormat.of().parseHex(golden));
        assertThat(read.advance(1_005)).containsExactly(record(" a0a2.c", 1_004, 30));
    }

    private static Change spend(long id, long eventTime, long knownTime, long amount) {
        Row row = new Row(2).setString(0, "c").setLong(1, amount);
        return new Change(false, EventId.of(id), eventTime, knownTime, row);
    }

    private static Change record(String id, long visibleAt, long spent) {
        Row row = new Row(5)
                .setString(0, "c")
                .setLong(1, spent)
                .setLong(2, visibleAt - 1)
                .setLong(3, visibleAt)
                .setString(4, id);
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
