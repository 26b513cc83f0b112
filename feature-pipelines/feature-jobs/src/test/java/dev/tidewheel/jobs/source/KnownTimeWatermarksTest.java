package dev.tidewheel.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.jobs.TestFlights;
import dev.tidewheel.jobs.TestFlights.Flight;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.junit.jupiter.api.Test;

class KnownTimeWatermarksTest {
    private static final long NOW = TestFlights.START;
    private static final long IN_2065 = 3_000_000_000_000L;
    private static final long NO_TIMESTAMP = -1;

    private final RecordDecoder decoder = new RecordDecoder(TestFlights.layout("flights"), TestFlights.columns());
    private static final long BEHIND = 3_600_000;

    private final KnownTimeWatermarks watermarks = new KnownTimeWatermarks(TestFlights.HORIZON, BEHIND);
    private final Emitted emitted = new Emitted();

    @Test
    void followsTheGreatestKnownTimeAtADistance() {
        read(NOW - 60_000, NOW, NOW);
        read(NOW - 600_000, NOW - 500_000, NOW);

        assertThat(next()).containsExactly(NOW - BEHIND);
    }

    @Test
    void aRefusedRecordMovesNothing() {
        watermarks.onEvent(decoder.decode(0, 0, NOW, null, new byte[] {1}), NOW, emitted);

        assertThat(next()).isEmpty();
    }

    @Test
    void aLateRecordMovesNothing() {
        read(NOW - 60_000, NOW, NOW);
        read(NOW - 60_000, IN_2065, NO_TIMESTAMP);

        assertThat(next()).containsExactly(NOW - BEHIND);
    }

    @Test
    void noRecordMovesBeyondTheMomentItWasWritten() {
        read(IN_2065 - 60_000, IN_2065, NOW);

        assertThat(next()).containsExactly(NOW - BEHIND);
    }

    @Test
    void theBeginningOfTimeDoesNotWrap() {
        read(Long.MIN_VALUE + 1, Long.MIN_VALUE + 2, NO_TIMESTAMP);

        assertThat(next()).isEmpty();
    }

    private void read(long date, long landing, long timestamp) {
        byte[] value = new Flight(1, date, landing, "ORD", "LAX", 5).avro();
        watermarks.onEvent(decoder.decode(0, 0, timestamp, null, value), timestamp, emitted);
    }

    private List<Long> next() {
        watermarks.onPeriodicEmit(emitted);
        return emitted.times;
    }

    private static final class Emitted implements WatermarkOutput {
        private final List<Long> times = new ArrayList<>();

        @Override
        public void emitWatermark(Watermark watermark) {
            times.add(watermark.getTimestamp());
        }

        @Override
        public void markIdle() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void markActive() {
            throw new UnsupportedOperationException();
        }
    }
}
