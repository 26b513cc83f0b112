package dev.tidewheel.monitoring.window;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import dev.tidewheel.drift.performance.Performance;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The state of one window of one cell: numbers alone, for Flink's serialisers. Which of them are used depends on the
 * cell's feature. Not thread-safe.
 */
public final class CellWindow {
    private static final int ROWS = 0;
    private static final int SECOND = 1;

    /** Epoch milliseconds, exclusive. */
    public long end;
    /** Of the counts; null until there are any. */
    public double @Nullable [] edges;
    /** See {@link CellUpdate#numbers()} of COUNTS, HEALTH and ASKED. */
    public long[] numbers = {};
    /** Cells of a {@link Performance}, or of {@link Counts} of labels; null until a label has come. */
    public long @Nullable [] outcomes;
    /** Rows whose label is known. */
    public long labelled;
    /** What belongs here but to no row. */
    public long unassigned;
    /** How often it was published. */
    public int published;
    /** When it was published last, epoch milliseconds. */
    public long publishedAt = Long.MIN_VALUE;
    /** Whether anything came since. */
    public boolean changed;
    /** Whether the last published row was the last one. */
    public boolean settled;
    /** Whether the rules had their say. */
    public boolean judged;
    /** Rules that fired on it and were not withdrawn. */
    public String[] fired = {};

    /** For Flink's serialisers. */
    public CellWindow() {}

    /** An empty window. */
    public static CellWindow endingAt(long end) {
        CellWindow window = new CellWindow();
        window.end = end;
        return window;
    }

    /** Adds an update of any kind. */
    void add(CellUpdate update) {
        changed = true;
        switch (update.kind()) {
            case COUNTS -> addCounts(update.edges(), update.numbers());
            case HEALTH, ASKED -> numbers = sum(numbers, update.numbers());
            case LABELLED -> label(update, 1);
            case UNLABELLED -> label(update, -1);
            case UNASSIGNED -> unassigned += update.numbers()[0];
        }
    }

    private void addCounts(double[] otherEdges, long[] other) {
        double[] before = edges;
        if (before == null) {
            edges = otherEdges;
            numbers = other;
        } else if (Arrays.equals(before, otherEdges)) {
            Counts both = Counts.of(Edges.of(before), numbers);
            both.merge(Counts.of(Edges.of(otherEdges), other));
            numbers = both.cells();
        } else {
            // The version got its profile, or another one, within the window: what both tell is counts without a
            // histogram.
            Counts both = withoutHistogram(Counts.of(Edges.of(before), numbers));
            both.merge(withoutHistogram(Counts.of(Edges.of(otherEdges), other)));
            edges = new double[0];
            numbers = both.cells();
        }
    }

    private static Counts withoutHistogram(Counts counts) {
        long[] cells = counts.cells();
        int values = cells.length - counts.valueCells();
        long[] folded = Arrays.copyOf(cells, values + 2);
        folded[values] = 0;
        folded[values + 1] = counts.values();
        return Counts.of(Edges.NONE, folded);
    }

    private static long[] sum(long[] some, long[] others) {
        long[] sum = Arrays.copyOf(some, Math.max(some.length, others.length));
        for (int i = 0; i < others.length; i++) {
            sum[i] += others[i];
        }
        return sum;
    }

    private void label(CellUpdate update, int times) {
        labelled += times;
        if (update.feature().equals(Cell.LABEL)) {
            Counts labels = labels();
            if (times > 0) {
                labels.add(update.label());
            } else {
                labels.remove(update.label());
            }
            outcomes = labels.cells();
        } else if (isScored(update)) {
            Performance performance = performance();
            if (times > 0) {
                performance.add(update.score(), update.label());
            } else {
                performance.remove(update.score(), update.label());
            }
            outcomes = performance.cells();
        }
    }

    /** Whether the update is a probability and a class, which is what performance is made of. */
    private static boolean isScored(CellUpdate update) {
        return update.score() >= 0 && update.score() <= 1 && (update.label() == 0 || update.label() == 1);
    }

    /** All logged rows. */
    long rows() {
        return edges != null ? counts().rows() : numbers.length == 0 ? 0 : numbers[ROWS];
    }

    /** Rows that were not answered, of health; rows without a prediction, of labels. */
    long failed() {
        return numbers.length == 0 ? 0 : numbers[SECOND];
    }

    /** Values of a feature. */
    Counts counts() {
        double[] own = edges;
        return own == null ? new Counts(Edges.NONE) : Counts.of(Edges.of(own), numbers);
    }

    /** Latencies in microseconds, as cells of a {@link dev.tidewheel.drift.latency.LatencyHistogram}. */
    long[] latencies() {
        return numbers.length <= 2 ? new long[0] : Arrays.copyOfRange(numbers, 2, numbers.length);
    }

    /** Labels that are known. */
    Counts labels() {
        long[] cells = outcomes;
        return cells == null ? new Counts(Edges.BINARY) : Counts.of(Edges.BINARY, cells);
    }

    /** Predictions whose labels are known. */
    Performance performance() {
        long[] cells = outcomes;
        return cells == null ? new Performance() : Performance.of(cells);
    }

    /** The share of rows whose label is known; 1 where nothing was asked. */
    double coverage() {
        return numbers.length == 0 || numbers[ROWS] == 0 ? 1 : (double) labelled / numbers[ROWS];
    }
}
