package dev.tidewheel.jobs.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.jobs.TestFlights;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.runtime.await.Await;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class RetentionWatchTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    @Test
    void aRestoreMustReadWhatIsNotDeletedYet() {
        TopicLog.Ends ends = new TopicLog.Ends(Map.of(0, 100L), Map.of(0, 500L), Map.of(0, 7 * DAY));

        Headroom behind = Headroom.of(300, 2 * DAY, ends, 0, 5 * DAY);
        assertThat(behind.seconds()).as("three of seven days old").isEqualTo(4 * DAY / 1_000.0);
        assertThat(behind.records()).isEqualTo(200);

        assertThat(Headroom.of(300, 2 * DAY, ends, 0, 10 * DAY).seconds()).isNegative();
        assertThat(Headroom.of(60, 2 * DAY, ends, 0, 5 * DAY).records())
                .as("forty are gone")
                .isEqualTo(-40);
    }

    @Test
    void whereNothingIsUnreadNothingCanBeLost() {
        TopicLog.Ends ends = new TopicLog.Ends(Map.of(0, 500L), Map.of(0, 500L), Map.of(0, 7 * DAY));

        assertThat(Headroom.of(500, 2 * DAY, ends, 0, 100 * DAY)).isEqualTo(new Headroom(7 * DAY / 1_000.0, 0));
    }

    @Test
    void aTopicThatKeepsEverythingHasAllTheTime() {
        TopicLog.Ends ends = new TopicLog.Ends(Map.of(0, 0L), Map.of(0, 500L), Map.of(0, -1L));

        assertThat(Headroom.of(300, 0, ends, 0, 5 * DAY).seconds()).isInfinite().isPositive();
    }

    @Test
    void theNewestCompletedCheckpointCounts() throws Exception {
        RetentionWatch watch = new RetentionWatch("flights", Channels.of("flights"), FixedLog::new);
        try (OneInputStreamOperatorTestHarness<SourceRecord, Refusal> harness =
                new OneInputStreamOperatorTestHarness<>(watch)) {
            harness.setProcessingTime(0);
            harness.open();
            harness.processElement(new StreamRecord<>(record(2, 149, DAY)));
            harness.setProcessingTime(10_000);
            assertThat(watch.checkpointAgeSeconds()).as("of the attempt").isEqualTo(10);
            harness.snapshot(1, 0);
            harness.processElement(new StreamRecord<>(record(2, 150, 2 * DAY)));
            harness.setProcessingTime(15_000);
            harness.snapshot(2, 0);
            harness.notifyOfCompletedCheckpoint(1);
            assertThat(watch.checkpointAgeSeconds()).as("of the first").isEqualTo(5);
            assertThat(watch.headroom(2, Headroom::records))
                    .as("nobody was asked yet")
                    .isNaN();

            harness.setProcessingTime(RetentionWatch.INTERVAL.toMillis());
            Await.until("an answer", () -> !Double.isNaN(watch.headroom(2, Headroom::records)));

            assertThat(watch.headroom(2, Headroom::records)).isEqualTo(50);
            harness.setProcessingTime(3 * DAY);
            assertThat(watch.headroom(2, Headroom::seconds)).isEqualTo(5 * DAY / 1_000.0);
            harness.notifyOfCompletedCheckpoint(2);
            assertThat(watch.headroom(2, Headroom::records)).isEqualTo(51);
            assertThat(harness.extractOutputValues()).isEmpty();
        }
    }

    private static SourceRecord record(int partition, long offset, long timestamp) {
        TestFlights.Flight flight = TestFlights.random(1, 1).get(0);
        return new SourceRecord(
                partition,
                offset,
                timestamp,
                null,
                null,
                flight.change().row().words(),
                flight.change().row().strings(),
                flight.change().row().nulls(),
                flight.date(),
                flight.landing(),
                "",
                0,
                flight.id(),
                null,
                "",
                null);
    }

    /** A topic that has lost the records before 100 and keeps seven days. */
    private static final class FixedLog implements TopicLog.Looker {
        @Override
        public TopicLog.Ends look(Collection<Integer> partitions) {
            assertThat(partitions).containsExactly(2);
            return new TopicLog.Ends(Map.of(2, 100L), Map.of(2, 1_000L), Map.of(2, 7 * DAY));
        }

        @Override
        public Map<Integer, Long> first(Collection<Integer> partitions) {
            return look(partitions).first();
        }

        @Override
        public void close() {}
    }

    @Test
    void partitionsAreToldApart() {
        Positions positions = new Positions();
        positions.read(3, 10, 77);
        positions.read(1, 4, 66);
        Positions before = positions.copy();
        positions.read(3, 11, 78);
        positions.read((7 << 16) + 1, 5, 55);

        assertThat(before.channels()).containsExactly(1, 3);
        assertThat(positions.channels()).containsExactly(1, 3, (7 << 16) + 1);
        assertThat(positions.nextOffset((7 << 16) + 1)).isEqualTo(6);
        assertThat(positions.nextOffset(3)).isEqualTo(12);
        assertThat(before.nextOffset(3)).isEqualTo(11);
        assertThat(before.timestamp(1)).isEqualTo(66);
        assertThat(before.isRead(0)).isFalse();
        assertThat(before.isRead(4)).isFalse();
    }
}
