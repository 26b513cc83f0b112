package dev.tidewheel.monitoring.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.drift.distance.Psi;
import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import dev.tidewheel.drift.profile.FeatureProfile;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.drift.verdict.Alerts;
import dev.tidewheel.monitoring.Story;
import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.monitoring.publish.Outgoing;
import dev.tidewheel.records.Alert;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.records.Verdict;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows of one day, watermark by watermark. */
class WindowsTest {
    private static final long DAY = Story.DAY;
    private static final long HOUR = Story.HOUR;
    private static final long START = Story.START;
    private static final Cell DELAY = new Cell(Story.MONITOR, Story.MODEL, "1", "delay", Cell.ALL);

    private KeyedTwoInputStreamOperatorTestHarness<String, CellUpdate, LogRecord, Outgoing> harness;
    private final List<Outgoing> published = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        harness = harness();
        harness.open();
        for (Definition definition : Story.definitions()) {
            if (!definition.getKind().equals("FeatureService")) {
                harness.processElement2(new StreamRecord<>(record(definition)));
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aWindowIsPublishedOnceItsWatermarkHasCome() throws Exception {
        delay(0, 0);
        watermark(START + DAY - HOUR);
        assertThat(rows()).isEmpty();

        watermark(START + DAY);

        assertThat(rows()).singleElement().satisfies(row -> {
            assertThat(row.getSettled()).isTrue();
            assertThat(row.getRevision()).isZero();
            assertThat(row.getComputedAt()).isEqualTo(START + DAY);
        });
    }

    @Test
    void aRowThatComesLateMakesARevisionAndIsNotLost() throws Exception {
        delay(0, 0);
        watermark(START + DAY);
        delay(0, 0);
        watermark(START + DAY + HOUR);

        assertThat(rows()).extracting(MetricRow::getRevision).containsExactly(0, 1);
        assertThat(rows()).extracting(row -> row.getCounts().getRows()).containsExactly(400L, 800L);
    }

    @Test
    void anAlarmFiresAgainWhileItLastsAndIsResolved() throws Exception {
        for (int day = 0; day < 5; day++) {
            delay(day, day == 1 || day == 2 ? 15 : 0);
            watermark(START + (day + 1) * DAY);
        }

        // The calibrated rule and the fixed one, in the monitor's order; persistence of the fixed one is 2 of 3.
        assertThat(alerts())
                .extracting(alert -> alert.getKind() + " " + alert.getRule())
                .containsExactly("FIRED drift", "FIRED drift", "FIRED psi-0.3", "RESOLVED drift", "RESOLVED psi-0.3");
        Alert fired = alerts().get(0);
        assertThat(fired.getId())
                .isEqualTo(Alerts.id(Story.MONITOR, "drift", Story.MODEL, "1", "delay", Cell.ALL, START + DAY));
        Alert again = alerts().get(1);
        assertThat(again.getId())
                .isEqualTo(Alerts.id(Story.MONITOR, "drift", Story.MODEL, "1", "delay", Cell.ALL, START + 2 * DAY));
        assertThat(again.getSummary()).contains(" is still ");
        assertThat(alerts().get(3).getId()).as("of the latest").isEqualTo(again.getId());
        assertThat(fired.getValue()).isGreaterThan(fired.getThreshold());
        assertThat(verdicts("psi")).containsExactly(Verdict.OK, Verdict.ALARM, Verdict.ALARM, Verdict.OK, Verdict.OK);
    }

    @Test
    void labelsMakeRevisionsUntilAllAreKnown() throws Exception {
        Cell performance = DELAY.with(Cell.PERFORMANCE);
        asked(performance, 200);
        watermark(START + DAY);
        label(performance, 100, 0.9, 1);
        watermark(START + DAY + 3 * HOUR);
        assertThat(rows()).as("the step is six hours").hasSize(1);
        watermark(START + DAY + 6 * HOUR);
        watermark(START + DAY + 12 * HOUR);
        label(performance, 100, 0.9, 0);
        watermark(START + DAY + 18 * HOUR);

        assertThat(rows()).extracting(MetricRow::getRevision).containsExactly(0, 1, 2);
        assertThat(rows()).extracting(MetricRow::getLabelled).containsExactly(0L, 100L, 200L);
        assertThat(rows()).extracting(MetricRow::getSettled).containsExactly(false, false, true);
        assertThat(verdicts("accuracy")).containsExactly(Verdict.NOT_JUDGED, Verdict.NOT_JUDGED, Verdict.ALARM);
    }

    @Test
    void aLabelThatOvertookItsMomentWaitsForIt() throws Exception {
        Cell performance = DELAY.with(Cell.PERFORMANCE);
        asked(performance, 200);
        long later = START + DAY + 5 * HOUR;
        take(CellUpdate.label(performance, START, START + DAY, CellUpdate.Kind.LABELLED, 0.9, 1, later));
        watermark(START + DAY);
        watermark(START + DAY + 6 * HOUR);

        assertThat(rows()).extracting(MetricRow::getLabelled).containsExactly(0L, 1L);
    }

    @Test
    void whatComesAfterAWindowsStateIsGoneChangesNothing() throws Exception {
        Cell performance = DELAY.with(Cell.PERFORMANCE);
        asked(performance, 200);
        label(performance, 200, 0.9, 1);
        watermark(START + DAY);
        watermark(START + 30 * DAY);
        int before = rows().size();

        take(CellUpdate.label(performance, START, START + DAY, CellUpdate.Kind.UNLABELLED, 0.9, 1, CellUpdate.AT_ONCE));
        take(CellUpdate.label(performance, START, START + DAY, CellUpdate.Kind.LABELLED, 0.9, 0, CellUpdate.AT_ONCE));
        watermark(START + 31 * DAY);

        assertThat(rows()).hasSize(before);
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void whatARevisionNoLongerSupportsIsWithdrawn() throws Exception {
        Cell performance = DELAY.with(Cell.PERFORMANCE);
        asked(performance, 200);
        label(performance, 195, 0.9, 0);
        watermark(START + DAY);
        assertThat(alerts()).extracting(alert -> alert.getKind().name()).containsExactly("FIRED");
        for (int i = 0; i < 195; i++) {
            take(CellUpdate.label(
                    performance, START, START + DAY, CellUpdate.Kind.UNLABELLED, 0.9, 0, CellUpdate.AT_ONCE));
            take(CellUpdate.label(
                    performance, START, START + DAY, CellUpdate.Kind.LABELLED, 0.9, 1, CellUpdate.AT_ONCE));
        }
        watermark(START + DAY + 6 * HOUR);

        assertThat(alerts()).extracting(alert -> alert.getKind().name()).containsExactly("FIRED", "WITHDRAWN");
        assertThat(alerts())
                .extracting(Alert::getId)
                .containsOnly(alerts().get(0).getId());
        assertThat(alerts().get(1).getRevision()).isEqualTo(1);
    }

    @Test
    void windowsAreJudgedInTheirOrder() throws Exception {
        Cell performance = DELAY.with(Cell.PERFORMANCE);
        asked(performance, 200);
        take(CellUpdate.of(performance, START + DAY, START + 2 * DAY, CellUpdate.Kind.ASKED, 200, 0));
        for (int i = 0; i < 200; i++) {
            take(CellUpdate.label(
                    performance, START + DAY, START + 2 * DAY, CellUpdate.Kind.LABELLED, 0.9, 0, CellUpdate.AT_ONCE));
        }
        watermark(START + 2 * DAY);
        assertThat(alerts()).as("the first day has no labels yet").isEmpty();

        watermark(START + DAY + 2 * DAY);

        assertThat(alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.getWindowStart()).isEqualTo(START + DAY));
    }

    @Test
    void tooFewRowsAreNoVerdict() throws Exception {
        Counts few = new Counts(profile().edges());
        few.add(99);
        take(CellUpdate.of(
                DELAY,
                START,
                START + DAY,
                CellUpdate.Kind.COUNTS,
                profile().edges().toArray(),
                few.cells()));
        watermark(START + DAY);

        assertThat(verdicts("psi")).containsExactly(Verdict.NOT_ENOUGH_DATA);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void aVersionWithoutProfileIsCountedAndNotJudged() throws Exception {
        Cell unknown = new Cell(Story.MONITOR, Story.MODEL, "2", "delay", Cell.ALL);
        Counts counts = new Counts(Edges.NONE);
        counts.add(5);
        take(CellUpdate.of(unknown, START, START + DAY, CellUpdate.Kind.COUNTS, new double[0], counts.cells()));
        watermark(START + DAY);

        assertThat(rows()).singleElement().satisfies(row -> {
            assertThat(row.getCounts().getValues()).isEqualTo(1);
            assertThat(row.getHistogram()).isNull();
            assertThat(row.getReference()).isNull();
            assertThat(row.getMeasures()).extracting(each -> each.getName()).containsExactly("null_share", "mean");
        });
    }

    @Test
    void aSegmentThatIsTakenOutOfTheProfileIsNotPublishedAnyMore() throws Exception {
        String value =
                Story.profile().segment("origin").orElseThrow().top().get(0).value();
        Cell gone = new Cell(Story.MONITOR, Story.MODEL, "1", Cell.PERFORMANCE, "origin=" + value);
        Cell other = new Cell(Story.MONITOR, Story.MODEL, "1", Cell.PERFORMANCE, "origin=other");
        asked(gone, 2);
        asked(other, 3);
        watermark(START + DAY);
        assertThat(rows())
                .extracting(MetricRow::getSegment)
                .containsExactlyInAnyOrder("origin=" + value, "origin=other");
        published.clear();

        Profile without = Story.profile().withoutSegments(("origin=" + value)::equals);
        harness.processElement2(new StreamRecord<>(
                record(ServingRecords.profile(Story.MODEL, "1", ProfileJson.write(without), START))));
        label(gone, 1, 0.9, 1);
        label(other, 1, 0.9, 1);
        watermark(START + DAY + 6 * HOUR);

        assertThat(rows()).extracting(MetricRow::getSegment).containsExactly("origin=other");
        watermark(START + 12 * DAY);
        assertThat(published).noneMatch(each -> each.key().contains(value));
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void aRestoreInTheMiddleGivesTheSameRowsAndIds() throws Exception {
        scenario(-1);
        List<String> unbroken = bytes();
        for (int broken = 0; broken < 6; broken++) {
            close();
            published.clear();
            open();
            scenario(broken);
            assertThat(bytes()).as("restored before step %d", broken).isEqualTo(unbroken);
        }
    }

    @Test
    void nothingIsLeftAfterTheLastWindow() throws Exception {
        scenario(-1);
        assertThat(harness.numKeyedStateEntries()).isPositive();

        watermark(START + 12 * DAY);

        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    /** Six days with drift on two of them, labels in steps; restored before one of the days. */
    private void scenario(int restoredBefore) throws Exception {
        Cell performance = DELAY.with(Cell.PERFORMANCE);
        for (int day = 0; day < 6; day++) {
            if (day == restoredBefore) {
                restore();
            }
            long start = START + day * DAY;
            delay(day, day == 2 || day == 3 ? 15 : 0);
            take(CellUpdate.of(performance, start, start + DAY, CellUpdate.Kind.ASKED, 150, 0));
            watermark(start + DAY);
            for (int i = 0; i < 150; i++) {
                take(CellUpdate.label(
                        performance,
                        start,
                        start + DAY,
                        CellUpdate.Kind.LABELLED,
                        0.9,
                        i % (day + 2) == 0 ? 0 : 1,
                        CellUpdate.AT_ONCE));
            }
            watermark(start + DAY + 12 * HOUR);
        }
    }

    private void restore() throws Exception {
        OperatorSubtaskState state = harness.snapshot(1, 1);
        drain();
        harness.close();
        harness = harness();
        harness.initializeState(state);
        harness.open();
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, CellUpdate, LogRecord, Outgoing> harness()
            throws Exception {
        return new KeyedTwoInputStreamOperatorTestHarness<>(
                new CoBroadcastWithKeyedOperator<>(new Windows(), List.of(Windows.REFERENCES)),
                CellUpdate::key,
                null,
                Types.STRING);
    }

    private static LogRecord record(Definition definition) {
        byte[] key = (definition.getKind() + "/" + definition.getName()).getBytes(StandardCharsets.UTF_8);
        return new LogRecord(
                Log.DEFINITIONS, 0, 0, key, RecordSerde.of(Definition.class).encode(definition));
    }

    private static FeatureProfile profile() {
        return Story.profile().feature("delay").orElseThrow();
    }

    /** A day of the feature: the most usual of the reference's own, or one that is shifted. */
    private void delay(int day, double shift) throws Exception {
        Counts counts = usual().copy();
        if (shift != 0) {
            counts = new Counts(profile().edges());
            Random random = new Random(day);
            for (int i = 0; i < 400; i++) {
                counts.add(random.nextGaussian() * 10 + shift);
            }
        }
        long start = START + day * DAY;
        take(CellUpdate.of(
                DELAY,
                start,
                start + DAY,
                CellUpdate.Kind.COUNTS,
                profile().edges().toArray(),
                counts.cells()));
    }

    private static Counts usual() {
        Counts total = profile().total();
        return profile().windows().values().stream()
                .min(Comparator.comparingDouble(window -> new Psi().between(total, window)))
                .orElseThrow();
    }

    private void asked(Cell cell, int rows) throws Exception {
        take(CellUpdate.of(cell, START, START + DAY, CellUpdate.Kind.ASKED, rows, 0));
    }

    private void label(Cell cell, int rows, double score, double label) throws Exception {
        for (int i = 0; i < rows; i++) {
            take(CellUpdate.label(
                    cell, START, START + DAY, CellUpdate.Kind.LABELLED, score, label, CellUpdate.AT_ONCE));
        }
    }

    private void take(CellUpdate update) throws Exception {
        harness.processElement1(new StreamRecord<>(update));
    }

    private void watermark(long now) throws Exception {
        harness.processWatermark1(new org.apache.flink.streaming.api.watermark.Watermark(now));
        harness.processWatermark2(new org.apache.flink.streaming.api.watermark.Watermark(now));
        drain();
    }

    private void drain() {
        published.addAll(harness.extractOutputValues());
        harness.getOutput().clear();
    }

    private List<MetricRow> rows() {
        RecordSerde<MetricRow> serde = RecordSerde.of(MetricRow.class);
        return published.stream()
                .filter(each -> each.kind() == Outgoing.Kind.METRIC)
                .map(each -> serde.decode(each.value()))
                .toList();
    }

    private List<Alert> alerts() {
        RecordSerde<Alert> serde = RecordSerde.of(Alert.class);
        return published.stream()
                .filter(each -> each.kind() == Outgoing.Kind.ALERT)
                .map(each -> serde.decode(each.value()))
                .toList();
    }

    private List<Verdict> verdicts(String measure) {
        return rows().stream()
                .flatMap(row -> row.getMeasures().stream())
                .filter(each -> each.getName().equals(measure))
                .map(each -> each.getVerdict())
                .toList();
    }

    private List<String> bytes() {
        return published.stream()
                .map(each -> each.kind() + each.key() + java.util.HexFormat.of().formatHex(each.value()))
                .sorted()
                .toList();
    }
}
