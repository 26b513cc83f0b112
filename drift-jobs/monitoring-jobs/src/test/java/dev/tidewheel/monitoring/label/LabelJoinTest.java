package dev.tidewheel.monitoring.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.monitoring.label.LabelInput.Kind;
import dev.tidewheel.monitoring.window.CellUpdate;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LabelJoinTest {
    private static final long KEPT = 1_000;

    private KeyedOneInputStreamOperatorTestHarness<String, LabelInput, CellUpdate> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aLabelCountsFromItsKnownTimeOn() throws Exception {
        take(asked("1"));
        take(label(1, 50));
        watermark(49);
        assertThat(said()).isEmpty();

        watermark(50);

        assertThat(said()).containsExactly("+1.0@label/1", "+1.0@performance/1");
    }

    @Test
    void aLabelMayComeBeforeItsRow() throws Exception {
        take(label(1, 50));
        watermark(60);
        take(asked("1"));

        assertThat(said()).containsExactly("+1.0@label/1", "+1.0@performance/1");
    }

    @Test
    void aCorrectionTakesItsPredecessorBack() throws Exception {
        take(asked("1"));
        take(label(0, 50));
        take(label(1, 70));
        take(label(1, 80));
        watermark(60);
        harness.getOutput().clear();

        watermark(90);

        assertThat(said()).containsExactly("-0.0@label/1", "-0.0@performance/1", "+1.0@label/1", "+1.0@performance/1");
    }

    @Test
    void theGreatestKnownTimeIsInForceHoweverTheyAreRead() throws Exception {
        take(asked("1"));
        watermark(100);
        take(label(1, 90));
        take(label(0, 80));

        assertThat(said()).containsExactly("+1.0@label/1", "+1.0@performance/1");
    }

    @Test
    void aRowThatWasScoredByTwoVersionsIsLabelledTwice() throws Exception {
        take(asked("1"));
        take(asked("2"));
        take(label(1, 50));
        watermark(50);

        assertThat(said()).containsExactly("+1.0@label/1", "+1.0@performance/1", "+1.0@label/2", "+1.0@performance/2");
    }

    @Test
    void aLabelThatMetNoRowIsCounted() throws Exception {
        take(label(1, 50));
        watermark(KEPT);

        assertThat(said()).containsExactly("?1@label/none");
    }

    @Test
    void nothingIsLeftWhenTheTimeIsOver() throws Exception {
        take(asked("1"));
        take(label(1, 50));
        watermark(60);
        assertThat(harness.numKeyedStateEntries()).isPositive();

        watermark(KEPT);

        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void aRestoreChangesNothing() throws Exception {
        take(asked("1"));
        take(label(0, 50));
        take(label(1, 70));
        watermark(60);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(state);
        harness.open();

        watermark(90);

        assertThat(said()).containsExactly("-0.0@label/1", "-0.0@performance/1", "+1.0@label/1", "+1.0@performance/1");
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, LabelInput, CellUpdate> harness() throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new LabelJoin()), LabelInput::key, Types.STRING);
    }

    private void take(LabelInput input) throws Exception {
        harness.processElement(new StreamRecord<>(input));
    }

    private void watermark(long now) throws Exception {
        harness.processWatermark(now);
    }

    private List<String> said() {
        return harness.extractOutputValues().stream()
                .map(update -> switch (update.kind()) {
                            case LABELLED -> "+" + update.label();
                            case UNLABELLED -> "-" + update.label();
                            default -> "?" + update.numbers()[0];
                        }
                        + update.feature() + "/" + update.version())
                .toList();
    }

    private static LabelInput asked(String version) {
        return input(Kind.ASKED, version, 0.7, 10);
    }

    private static LabelInput label(double value, long knownTime) {
        return input(Kind.KNOWN, "", value, knownTime);
    }

    private static LabelInput input(Kind kind, String version, double value, long knownTime) {
        return new LabelInput(
                kind,
                "m",
                "r",
                0,
                version,
                value,
                knownTime,
                KEPT,
                new String[] {"daily"},
                new String[] {"all"},
                new long[] {0},
                new long[] {100});
    }
}
