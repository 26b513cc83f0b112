package dev.tidewheel.jobs.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** A record's timestamp never promises more than the last confirmed checkpoint can keep. */
class CompletenessTest {
    private OneInputStreamOperatorTestHarness<ToldRecord, ToldRecord> harness;

    private void open(OperatorSubtaskState from) throws Exception {
        harness = harness(0);
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
    }

    private static OneInputStreamOperatorTestHarness<ToldRecord, ToldRecord> harness(int subtask) throws Exception {
        return new OneInputStreamOperatorTestHarness<>(new Completeness("v"), 8, 2, subtask);
    }

    private long stamped() throws Exception {
        harness.processElement(new StreamRecord<>(new ToldRecord("k", new byte[0])));
        List<Long> stamps = new ArrayList<>();
        for (Object each : harness.getOutput()) {
            if (each instanceof StreamRecord<?> record) {
                stamps.add(record.getTimestamp());
            }
        }
        return stamps.get(stamps.size() - 1);
    }

    @Test
    void onlyAConfirmedCheckpointPromises() throws Exception {
        open(null);
        assertThat(stamped()).as("nothing is known to be complete").isZero();
        harness.processWatermark(100);
        assertThat(stamped()).isZero();
        harness.snapshot(1, 1);
        harness.processWatermark(200);
        harness.snapshot(2, 2);
        assertThat(stamped()).as("neither is confirmed").isZero();
        harness.notifyOfCompletedCheckpoint(1);
        assertThat(stamped()).isEqualTo(100);
        harness.notifyOfCompletedCheckpoint(2);
        assertThat(stamped()).isEqualTo(200);
        harness.close();
    }

    @Test
    void aRestoreGoesOnWithWhatAllSubtasksHadReached() throws Exception {
        open(null);
        OneInputStreamOperatorTestHarness<ToldRecord, ToldRecord> other = harness(1);
        other.open();
        harness.processWatermark(100);
        other.processWatermark(70);
        OperatorSubtaskState both =
                AbstractStreamOperatorTestHarness.repackageState(harness.snapshot(1, 1), other.snapshot(1, 1));
        harness.close();
        other.close();

        open(AbstractStreamOperatorTestHarness.repartitionOperatorState(both, 8, 2, 2, 0));
        assertThat(stamped()).isEqualTo(70);
        harness.processWatermark(60);
        harness.snapshot(2, 2);
        harness.notifyOfCompletedCheckpoint(2);
        assertThat(stamped()).as("a promise is never taken back").isEqualTo(70);
        harness.close();
    }
}
