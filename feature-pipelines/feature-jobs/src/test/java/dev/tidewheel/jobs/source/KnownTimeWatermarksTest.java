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
    private final RecordDecoder decoder = new RecordDecoder(TestFlights.layout("flights"), TestFlights.columns());
    private final KnownTimeWatermarks watermarks = new KnownTimeWatermarks();
    private final Emitted emitted = new Emitted();

    @Test
    void nothingIsSaidBeforeTheFirstRecord() {
        watermarks.onPeriodicEmit(emitted);
        read(decoder.decode(0, 0, Long.MAX_VALUE, null, new byte[] {1}));
        watermarks.onPeriodicEmit(emitted);

        assertThat(emitted.times).as("a refused record is none").isEmpty();
    }

    @Test
    void followsTheGreatestKnownTimeAtADistance() {
        read(decoder.decode(0, 0, 0, null, landing(9_000_000)));
        read(decoder.decode(0, 1, 0, null, landing(8_000_000)));
        watermarks.onPeriodicEmit(emitted);

        assertThat(emitted.times).containsExactly(9_000_000 - KnownTimeWatermarks.BEHIND_MILLIS);
    }

    private void read(SourceRecord record) {
        watermarks.onEvent(record, 0, emitted);
    }

    private static byte[] landing(long known) {
        return new Flight(1, known - 60_000, known, "ORD", "LAX", 5).avro();
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
