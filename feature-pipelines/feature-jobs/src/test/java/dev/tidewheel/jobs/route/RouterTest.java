package dev.tidewheel.jobs.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.IdleReader;
import dev.tidewheel.jobs.TestFlights;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.source.RecordDecoder;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.records.DeadLetterReason;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static final int MAX_PARALLELISM = 128;

    private final RecordDecoder decoder = new RecordDecoder(TestFlights.layout("flights"), TestFlights.columns());
    private OneInputStreamOperatorTestHarness<SourceRecord, Routed> harness;

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void routesByTheEntitysColumns() throws Exception {
        open(1, Inject.NONE);
        process(3, 9, flight(1));

        assertThat(harness.extractOutputValues()).singleElement().satisfies(routed -> {
            assertThat(routed.key()).isEqualTo("ORD|LAX");
            assertThat(routed.change().change()).isEqualTo(flight(1).change());
            assertThat(routed.change().partition()).isEqualTo(3);
            assertThat(routed.change().offset()).isEqualTo(9);
        });
    }

    @Test
    void marksEverySubtaskOnceAfterTheInterval() throws Exception {
        open(5, Inject.NONE);
        process(0, 4, flight(1));
        process(2, 8, flight(2));
        assertThat(markers()).isEmpty();

        harness.setProcessingTime(5);
        harness.setProcessingTime(50);

        List<Routed> markers = markers();
        assertThat(markers.stream()
                        .mapToInt(marker ->
                                KeyGroupRangeAssignment.assignKeyToParallelOperator(marker.key(), MAX_PARALLELISM, 5)))
                .containsExactlyElementsOf(IntStream.range(0, 5).boxed().toList());
        assertThat(markers).allSatisfy(marker -> {
            assertThat(marker.marker().partitions()).containsExactly(0, 2);
            assertThat(marker.marker().nextOffsets()).containsExactly(5, 9);
        });
    }

    @Test
    void marksLessOftenWhileItIsBehindAndAtOnceWhenItHasCaughtUp() throws Exception {
        open(1, Inject.NONE);
        long now = 0;
        for (int id = 0; id < 1_000; id++) {
            process(0, id, flight(id));
            now += 10;
            harness.setProcessingTime(now);
        }
        assertThat(markers().size()).as("markers of 10 s without a break").isBetween(15, 40);
        assertThat(lastMarked()).as("at most a second is not marked").isGreaterThanOrEqualTo(900);

        IdleReader.waitForInput(harness, 420);
        now += 10;
        harness.setProcessingTime(now);
        assertThat(lastMarked()).isEqualTo(1_000);
        int before = markers().size();
        for (int id = 1_000; id < 1_010; id++) {
            process(0, id, flight(id));
            now += 20;
            IdleReader.waitForInput(harness, 2);
            harness.setProcessingTime(now);
        }
        assertThat(markers()).hasSize(before + 10);
    }

    private long lastMarked() {
        List<Routed> markers = markers();
        return markers.get(markers.size() - 1).marker().nextOffsets()[0];
    }

    @Test
    void marksBeforeABarrierAndAtTheEndOfInput() throws Exception {
        open(1, Inject.NONE);
        process(0, 0, flight(1));

        harness.prepareSnapshotPreBarrier(1);
        assertThat(markers()).hasSize(1);
        harness.prepareSnapshotPreBarrier(2);
        assertThat(markers()).as("nothing new").hasSize(1);

        process(0, 1, flight(2));
        harness.endInput();
        harness.getOperator().finish();
        assertThat(markers()).hasSize(2);
    }

    @Test
    void refusedRecordsMoveTheOffsetsAndNothingElse() throws Exception {
        open(1, Inject.NONE);
        harness.processElement(new StreamRecord<>(decoder.decode(0, 6, 0, null, new byte[] {1})));
        harness.setProcessingTime(5);

        assertThat(harness.extractOutputValues())
                .singleElement()
                .satisfies(routed -> assertThat(routed.marker().nextOffsets()).containsExactly(7));
    }

    @Test
    void aRecordWithoutAKeyIsADeadLetter() throws Exception {
        open(1, Inject.NONE);
        var record = flight(1).record();
        record.put("origin", null);
        harness.processElement(new StreamRecord<>(decoder.decode(0, 6, 0, null, TestFlights.bytes(record))));

        assertThat(harness.getSideOutput(Router.REFUSALS)).singleElement().satisfies(letter -> {
            Refusal refusal = letter.getValue();
            assertThat(refusal.reason()).isEqualTo(DeadLetterReason.NO_KEY);
            assertThat(refusal.stage()).isEqualTo("route/origin+destination");
            assertThat(refusal.detail()).contains("'origin'");
        });
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void injectionsHitTheSameSharesInEveryRun() throws Exception {
        open(1, new Inject(0.1, 0.2));
        for (int id = 0; id < 10_000; id++) {
            process(0, id, flight(id));
        }
        List<Long> routed = harness.extractOutputValues().stream()
                .map(each -> each.change().offset())
                .toList();

        long repeated = routed.size() - routed.stream().distinct().count();
        long dropped =
                IntStream.range(0, 10_000).count() - routed.stream().distinct().count();
        // Deterministic: ids alone decide. An event may be both dropped and doubled, then its copy remains.
        assertThat(dropped).isBetween(700L, 900L);
        assertThat(repeated).isBetween(1_700L, 1_900L);
    }

    @Test
    void aStageGoesOnFromItsSavepoint() throws Exception {
        open(1, Inject.NONE);
        process(0, 4, flight(1));
        OperatorSubtaskState savepoint = harness.snapshot(1, 1);
        harness.close();

        harness = harness(1, Inject.NONE);
        harness.initializeState(savepoint);
        harness.open();
        process(0, 5, flight(2));

        assertThat(harness.extractOutputValues()).hasSize(1);
    }

    @Test
    void aStageThatTheSavepointDoesNotKnowIsRefused() throws Exception {
        harness = harness(1, Inject.NONE);

        assertThatThrownBy(() ->
                        harness.initializeState(OperatorSubtaskState.builder().build()))
                .hasStackTraceContaining("stage origin+destination: the savepoint has no history of it");
    }

    @Test
    void aStageThatBeginsHearsOfImportsAndOneThatGoesOnDoesNot() throws Exception {
        harness = harness(2, Inject.NONE, 64_512, 64_513);
        harness.open();
        assertThat(markers()).hasSize(2).allSatisfy(marker -> {
            assertThat(marker.marker().partitions()).containsExactly(64_512, 64_513);
            assertThat(marker.marker().nextOffsets()).containsExactly(0, 0);
        });
        process(0, 4, flight(1));
        OperatorSubtaskState savepoint = harness.snapshot(1, 1);
        harness.close();

        harness = harness(2, Inject.NONE, 64_512, 64_513, 64_514);
        harness.initializeState(savepoint);
        harness.open();
        assertThat(markers()).isEmpty();
    }

    private void open(int parallelism, Inject inject) throws Exception {
        harness = harness(parallelism, inject);
        harness.open();
    }

    private static OneInputStreamOperatorTestHarness<SourceRecord, Routed> harness(
            int parallelism, Inject inject, int... imports) throws Exception {
        Router router = new Router(
                "origin+destination",
                List.of("origin", "destination"),
                TestFlights::columns,
                Duration.ofMillis(5),
                Duration.ofSeconds(1),
                inject,
                IntStream.of(imports).boxed().toList());
        return new OneInputStreamOperatorTestHarness<>(router, MAX_PARALLELISM, parallelism, 0);
    }

    private void process(int partition, long offset, Flight flight) throws Exception {
        harness.processElement(new StreamRecord<>(decoder.decode(partition, offset, 0, null, flight.avro())));
    }

    private List<Routed> markers() {
        return harness.extractOutputValues().stream()
                .filter(routed -> routed.marker() != null)
                .toList();
    }

    private static Flight flight(long id) {
        return new Flight(id, 1_000, 2_000, "ORD", "LAX", 5);
    }
}
