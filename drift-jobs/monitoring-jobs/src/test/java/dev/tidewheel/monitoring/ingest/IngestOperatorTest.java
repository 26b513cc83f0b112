package dev.tidewheel.monitoring.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.monitoring.Story;
import dev.tidewheel.monitoring.label.LabelInput;
import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.monitoring.publish.Outgoing;
import dev.tidewheel.monitoring.window.CellUpdate;
import dev.tidewheel.records.ClockTick;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.erase.ErasedInferences;
import dev.tidewheel.runtime.kafka.RecordSerde;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngestOperatorTest {
    private static final long DAY = Story.DAY;
    private static final long START = Story.START;
    private static final long ROWS = 60;
    /** Where counts have the values that could not be read. */
    private static final int UNAVAILABLE = 3;

    private final Story story = new Story(5).days(1, (int) ROWS);
    private final FakeEndOffsets ends = new FakeEndOffsets("ingest");
    private final Map<Log, Long> next = new EnumMap<>(Log.class);
    private final List<CellUpdate> updates = new ArrayList<>();
    private OneInputStreamOperatorTestHarness<LogRecord, CellUpdate> harness;

    @BeforeEach
    void open() throws Exception {
        next.clear();
        updates.clear();
        Arrays.stream(Log.values()).forEach(log -> ends.written(log, 0));
        ends.written(Log.DEFINITIONS, Story.definitions().size());
        ends.written(Log.INFERENCES, ROWS);
        harness = harness();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void theWatermarkWaitsUntilEverythingWrittenBeforeItsTickIsRead() throws Exception {
        define();
        tick(START + DAY);
        story.inferences.subList(0, (int) ROWS - 1).forEach(this::infer);
        assertThat(watermarks()).isEmpty();

        infer(story.inferences.get((int) ROWS - 1));

        assertThat(watermarks()).containsExactly(START + DAY);
        assertThat(rows()).isEqualTo(ROWS);
        Outgoing frontier = only(harness.getSideOutput(IngestOperator.FRONTIERS));
        assertThat(frontier.windowEnd()).isEqualTo(START + DAY);
    }

    @Test
    void rowsThatAreReadBeforeTheDefinitionsWaitForThem() throws Exception {
        story.inferences.forEach(this::infer);
        tick(START + DAY);
        assertThat(watermarks()).isEmpty();

        define();

        assertThat(watermarks()).containsExactly(START + DAY);
        assertThat(updates(CellUpdate.Kind.COUNTS).stream()
                        .filter(update ->
                                update.version().equals("1") && update.feature().equals("delay"))
                        .allMatch(update -> update.edges().length > 0))
                .as("counted on the profile's edges")
                .isTrue();
        assertThat(rows()).isEqualTo(ROWS);
    }

    @Test
    void aRowOfAnErasedEntityCountsAndSaysNothing() throws Exception {
        String commonest =
                Story.profile().segment("origin").orElseThrow().top().get(0).value();
        Inference row = story.inferences.stream()
                .filter(known -> known.getModelVersion().equals("1")
                        && known.getPrediction().size() == 1
                        && known.getStatuses().get(0) == 0
                        && known.getEntityKeys().equals(List.of(commonest)))
                .findFirst()
                .orElseThrow();
        Inference emptied = Inference.newBuilder(row).build();
        ErasedInferences.empty(emptied, "01234567");
        String of = "origin=" + commonest;
        Map<String, Long> before = run(-1);

        harness.close();
        story.inferences.set(story.inferences.indexOf(row), emptied);
        open();
        Map<String, Long> after = run(-1);

        assertThat(sum(after, "@health/all", 0)).isEqualTo(sum(before, "@health/all", 0));
        assertThat(sum(after, "@health/" + of, 0)).isEqualTo(sum(before, "@health/" + of, 0) - 1);
        assertThat(sum(after, "@health/origin=other", 0)).isEqualTo(sum(before, "@health/origin=other", 0) + 1);
        assertThat(sum(after, "/delay/all", UNAVAILABLE)).isEqualTo(sum(before, "/delay/all", UNAVAILABLE) + 1);
        assertThat(sum(after, "@prediction/all", UNAVAILABLE))
                .isEqualTo(sum(before, "@prediction/all", UNAVAILABLE) + 1);
    }

    private static long sum(Map<String, Long> sums, String cell, int number) {
        return sums.entrySet().stream()
                .filter(each ->
                        each.getKey().contains(cell + "@") && each.getKey().endsWith("#" + number))
                .filter(each ->
                        !each.getKey().contains("@label") && !each.getKey().contains("@performance"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Test
    void aCheckpointBarrierSendsPartialsOn() throws Exception {
        define();
        story.inferences.forEach(this::infer);
        assertThat(updates(CellUpdate.Kind.COUNTS))
                .allMatch(update -> update.version().equals("2"));

        harness.prepareSnapshotPreBarrier(1);

        // Version 2 has no profile: its rows wait for one until the watermark.
        long known = story.inferences.stream()
                .filter(row -> row.getModelVersion().equals("1"))
                .count();
        assertThat(rows()).isEqualTo(known);
        harness.prepareSnapshotPreBarrier(2);
        assertThat(rows()).as("nothing twice").isEqualTo(known);
    }

    @Test
    void aRestoreAnywhereGivesTheSameSums() throws Exception {
        Map<String, Long> unbroken = run(-1);
        for (int at : new int[] {0, 1, 20, 59}) {
            harness.close();
            open();
            assertThat(run(at)).as("restored before row %d", at).isEqualTo(unbroken);
        }
    }

    @Test
    void labelsGoOnWithTheWindowsOfTheirKnownTime() throws Exception {
        define();
        Label label = story.labels.get(0);
        process(Log.LABELS, label.getRequestId(), RecordSerde.of(Label.class).encode(label));

        LabelInput sent = only(harness.getSideOutput(IngestOperator.LABELS));
        assertThat(sent.kind()).isEqualTo(LabelInput.Kind.KNOWN);
        assertThat(sent.knownTime()).isEqualTo(label.getKnownTime());
        assertThat(sent.windowStarts()).containsExactly(Math.floorDiv(label.getKnownTime(), DAY) * DAY);
    }

    /** All sums by cell and window, of a run that is restored from a snapshot before some row. */
    private Map<String, Long> run(int restoredBefore) throws Exception {
        define();
        for (int i = 0; i < ROWS; i++) {
            if (i == restoredBefore) {
                harness.prepareSnapshotPreBarrier(1);
                OperatorSubtaskState state = harness.snapshot(1, 1);
                drain();
                harness.close();
                harness = harness();
                harness.initializeState(state);
                harness.open();
            }
            infer(story.inferences.get(i));
        }
        tick(START + DAY);
        drain();
        Map<String, Long> sums = new TreeMap<>();
        for (CellUpdate update : updates) {
            for (int i = 0; i < update.numbers().length; i++) {
                if (update.kind() == CellUpdate.Kind.COUNTS && (i == 4 || i == 5)) {
                    // The two words of the values' sum: not added up word by word.
                    continue;
                }
                sums.merge(update.key() + "@" + update.windowStart() + "#" + i, update.numbers()[i], Long::sum);
            }
        }
        return sums;
    }

    private OneInputStreamOperatorTestHarness<LogRecord, CellUpdate> harness() throws Exception {
        return new OneInputStreamOperatorTestHarness<>(new IngestOperator(ends, true, Story.HOUR));
    }

    private void define() {
        Story.definitions()
                .forEach(definition -> process(
                        Log.DEFINITIONS,
                        definition.getKind() + "/" + definition.getName(),
                        RecordSerde.of(Definition.class).encode(definition)));
    }

    private void infer(Inference row) {
        process(
                Log.INFERENCES,
                row.getRequestId(),
                RecordSerde.of(Inference.class).encode(row));
    }

    private void tick(long now) {
        process(Log.CLOCK, "", RecordSerde.of(ClockTick.class).encode(new ClockTick(now, "test", 1L)));
    }

    private void process(Log log, String key, byte[] value) {
        long offset = next.merge(log, 1L, Long::sum) - 1;
        try {
            harness.processElement(
                    new StreamRecord<>(new LogRecord(log, 0, offset, key.getBytes(StandardCharsets.UTF_8), value)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<CellUpdate> updates(CellUpdate.Kind kind) {
        drain();
        return updates.stream().filter(update -> update.kind() == kind).toList();
    }

    private long rows() {
        return updates(CellUpdate.Kind.HEALTH).stream()
                .filter(update -> update.segment().equals("all"))
                .mapToLong(update -> update.numbers()[0])
                .sum();
    }

    private List<Long> watermarks() {
        return harness.getOutput().stream()
                .filter(Watermark.class::isInstance)
                .map(each -> ((Watermark) each).getTimestamp())
                .toList();
    }

    private void drain() {
        updates.addAll(harness.extractOutputValues());
        harness.getOutput().removeIf(StreamRecord.class::isInstance);
    }

    private static <T> T only(Queue<StreamRecord<T>> output) {
        Collection<StreamRecord<T>> all = output;
        assertThat(all).hasSize(1);
        return all.iterator().next().getValue();
    }
}
