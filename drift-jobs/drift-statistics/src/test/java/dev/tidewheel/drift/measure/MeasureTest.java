package dev.tidewheel.drift.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import dev.tidewheel.drift.latency.LatencyHistogram;
import dev.tidewheel.drift.performance.Performance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeasureTest {
    @ParameterizedTest
    @EnumSource(Measure.class)
    void isFoundByItsName(Measure measure) {
        assertThat(Measure.named(measure.key())).contains(measure);
    }

    @Test
    void noOtherNameIsKnown() {
        assertThat(Measure.named("PSI")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Measure.class)
    void ofNothingIsUndefined(Measure measure) {
        Counts nothing = new Counts(Edges.BINARY);
        assertThat(measure.of(nothing, nothing)).isNaN();
        assertThat(measure.of(new Performance().values())).isNaN();
        if (measure == Measure.ROWS) {
            assertThat(measure.of(0, 0, new LatencyHistogram())).isZero();
        } else {
            assertThat(measure.of(0, 0, new LatencyHistogram())).isNaN();
        }
    }

    @Test
    void measuresColumns() {
        Counts counts = new Counts(Edges.of(0, 0.5, 1));
        for (double value : new double[] {0, 0.4, 0.5, 0.9, 1, 3, -7}) {
            counts.add(value);
        }
        counts.addNull();
        counts.add(Double.NaN);
        counts.add(Double.POSITIVE_INFINITY);
        counts.addUnavailable();

        assertThat(Measure.SHARE.of(counts, counts)).isEqualTo(4.0 / 7);
        assertThat(Measure.NULL_SHARE.of(counts, counts)).isEqualTo(0.3);
        Counts elsewhere = new Counts(Edges.of(0, 1));
        elsewhere.add(1);
        assertThat(Measure.SHARE.of(elsewhere, elsewhere)).isNaN();
    }

    @Test
    void measuresServing() {
        LatencyHistogram latencies = new LatencyHistogram();
        for (int micros = 1; micros <= 40; micros++) {
            latencies.add(micros);
        }
        assertThat(Measure.ROWS.of(50, 10, latencies)).isEqualTo(50);
        assertThat(Measure.ERROR_SHARE.of(50, 10, latencies)).isEqualTo(0.2);
        assertThat(Measure.LATENCY_P50.of(50, 10, latencies)).isEqualTo(20);
        assertThat(Measure.LATENCY_P99.of(50, 10, latencies)).isEqualTo(40);
    }
}
