package dev.tidewheel.monitoring.window;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.latency.LatencyHistogram;
import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.performance.PerformanceValues;
import dev.tidewheel.drift.profile.FeatureProfile;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.records.CountBlock;
import dev.tidewheel.records.Histogram;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a window amounts to: counts, histogram and measures of its cell. Latencies are in milliseconds here and in rows.
 *
 * @param counts where every row went
 * @param histogram null without edges
 * @param measures by measure; NaN where undefined; absent where it makes no sense or there is no reference
 * @param judgedRows how many rows the measures rest on, to be held against a minimum
 * @param labelled rows whose label is known; null where none is needed
 */
record Figures(
        CountBlock counts,
        @Nullable Histogram histogram,
        Map<Measure, Double> measures,
        long judgedRows,
        @Nullable Long labelled) {
    private static final double MICROS_PER_MILLI = 1_000;

    /** @param profile of the version, where there is one */
    static Figures of(Cell cell, CellWindow window, Optional<Profile> profile) {
        return switch (cell.feature()) {
            case Cell.HEALTH -> health(window);
            case Cell.PERFORMANCE -> performance(window);
            case Cell.LABEL -> label(cell, window, profile);
            default -> feature(cell, window, profile);
        };
    }

    private static Figures feature(Cell cell, CellWindow window, Optional<Profile> profile) {
        Counts counts = window.counts();
        CountBlock block = new CountBlock(
                counts.rows(),
                counts.nulls(),
                counts.nans(),
                counts.infinities(),
                counts.unavailable(),
                counts.values());
        return new Figures(block, histogram(counts), columnMeasures(cell, counts, profile), counts.observed(), null);
    }

    private static Figures label(Cell cell, CellWindow window, Optional<Profile> profile) {
        Counts labels = window.labels();
        long rows = window.rows();
        CountBlock block =
                new CountBlock(rows, rows - labels.rows(), labels.nans(), labels.infinities(), 0L, labels.values());
        Map<Measure, Double> measures = columnMeasures(cell, labels, profile);
        measures.remove(Measure.NULL_SHARE);
        return new Figures(block, histogram(labels), measures, labels.rows(), window.labelled);
    }

    /** The distances have a reference only as a whole: a segment is no sample of it. */
    private static Map<Measure, Double> columnMeasures(Cell cell, Counts counts, Optional<Profile> profile) {
        Map<Measure, Double> measures = new EnumMap<>(Measure.class);
        Optional<Counts> reference = profile.filter(whole -> cell.segment().equals(Cell.ALL))
                .flatMap(found -> found.feature(cell.feature()))
                .map(FeatureProfile::total)
                .filter(total -> total.edges().equals(counts.edges()));
        for (Measure measure : Measure.values()) {
            if (measure.family() == Measure.Family.DISTANCE) {
                reference.ifPresent(total -> measures.put(measure, measure.of(total, counts)));
            } else if (measure.family() == Measure.Family.COUNTS) {
                measures.put(measure, measure.of(counts, counts));
            }
        }
        if (counts.edges().indexOf(0.5) < 0) {
            measures.remove(Measure.SHARE);
        }
        return measures;
    }

    private static Figures health(CellWindow window) {
        long rows = window.rows();
        LatencyHistogram latencies = LatencyHistogram.of(window.latencies());
        Map<Measure, Double> measures = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            if (measure.family() == Measure.Family.SERVING) {
                double value = measure.of(rows, window.failed(), latencies);
                boolean latency = measure == Measure.LATENCY_P50 || measure == Measure.LATENCY_P99;
                measures.put(measure, latency ? value / MICROS_PER_MILLI : value);
            }
        }
        CountBlock block = new CountBlock(rows, 0L, 0L, 0L, window.failed(), rows - window.failed());
        return new Figures(block, null, measures, rows, null);
    }

    private static Figures performance(CellWindow window) {
        PerformanceValues values = window.performance().values();
        Map<Measure, Double> measures = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            if (measure.family() == Measure.Family.PERFORMANCE) {
                measures.put(measure, measure.of(values));
            }
        }
        long rows = window.rows();
        CountBlock block =
                new CountBlock(rows, rows - window.failed() - values.rows(), 0L, 0L, window.failed(), values.rows());
        return new Figures(block, null, measures, values.rows(), window.labelled);
    }

    private static @Nullable Histogram histogram(Counts counts) {
        if (counts.edges().bins() == 0) {
            return null;
        }
        return new Histogram(
                counts.edges().id(),
                counts.below(),
                LongStream.of(counts.bins()).boxed().toList(),
                counts.above());
    }

    /** What the measures are called in rows. */
    static String name(Measure measure) {
        return measure.key();
    }

    /** NaN as null, as records have it. */
    static @Nullable Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }

    @Override
    public String toString() {
        return counts + " " + measures + Arrays.toString(new long[] {judgedRows});
    }
}
