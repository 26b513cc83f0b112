package dev.tidewheel.drift.profile;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import dev.tidewheel.drift.performance.Performance;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which tumbling window each row of a table lies in, and what its columns amount to there. Immutable and thread-safe. */
public final class Windows {
    private final long[] starts;

    /**
     * @param times epoch milliseconds, one per row
     * @param windowMillis length of the windows, which are aligned to the epoch
     */
    public Windows(long[] times, long windowMillis) {
        if (windowMillis <= 0) {
            throw new IllegalArgumentException("no windows of " + windowMillis + " ms");
        }
        this.starts = new long[times.length];
        for (int row = 0; row < times.length; row++) {
            starts[row] = Math.floorDiv(times[row], windowMillis) * windowMillis;
        }
    }

    public int rows() {
        return starts.length;
    }

    /**
     * A column by the start of the window; windows without rows are absent.
     *
     * @param values NaN for null, as training sets have it
     * @throws IllegalArgumentException if there are more or fewer than rows
     */
    public SortedMap<Long, Counts> count(Edges edges, double[] values) {
        requireRows(values.length);
        TreeMap<Long, Counts> windows = new TreeMap<>();
        for (int row = 0; row < values.length; row++) {
            Counts counts = windows.computeIfAbsent(starts[row], start -> new Counts(edges));
            if (Double.isNaN(values[row])) {
                counts.addNull();
            } else {
                counts.add(values[row]);
            }
        }
        return windows;
    }

    /**
     * How well predictions did by the start of the window.
     *
     * @throws IllegalArgumentException if there are more or fewer than rows, or no probabilities and labels
     */
    public SortedMap<Long, Performance> performance(double[] probabilities, double[] labels) {
        requireRows(probabilities.length);
        requireRows(labels.length);
        TreeMap<Long, Performance> windows = new TreeMap<>();
        for (int row = 0; row < labels.length; row++) {
            windows.computeIfAbsent(starts[row], start -> new Performance()).add(probabilities[row], labels[row]);
        }
        return windows;
    }

    void requireRows(int rows) {
        if (rows != starts.length) {
            throw new IllegalArgumentException(
                    "a column has " + rows + " rows, but there are " + starts.length + " times");
        }
    }
}
