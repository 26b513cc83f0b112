package dev.tidewheel.monitoring.window;

/**
 * Something to be added to one window of one cell. Flat, for Flink's serialisers; what the numbers mean depends on the
 * kind.
 *
 * @param monitor the monitor's name
 * @param model the model's name
 * @param version the model's version, or {@link Cell#NO_VERSION}
 * @param feature a column, or one of {@link Cell}' names
 * @param segment {@link Cell#ALL} or {@code name=value}
 * @param windowStart epoch milliseconds, inclusive
 * @param windowEnd epoch milliseconds, exclusive
 * @param kind what is added
 * @param edges of COUNTS
 * @param numbers COUNTS: the cells of {@code Counts}; HEALTH: rows, errors, then the cells of the latency histogram;
 *     ASKED: rows, and those of them without a prediction; UNASSIGNED: how many
 * @param score the prediction of LABELLED and UNLABELLED; NaN without one
 * @param label of LABELLED and UNLABELLED
 * @param at from which moment on it counts, by the watermark, because one subtask's results may overtake another's;
 *     {@link #AT_ONCE} where the window alone decides
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose; never compared.
public record CellUpdate(
        String monitor,
        String model,
        String version,
        String feature,
        String segment,
        long windowStart,
        long windowEnd,
        Kind kind,
        double[] edges,
        long[] numbers,
        double score,
        double label,
        long at) {
    /** Counts whenever it comes. */
    public static final long AT_ONCE = Long.MIN_VALUE;

    private static final double[] NO_EDGES = {};
    private static final long[] NO_NUMBERS = {};

    /** What is added. */
    public enum Kind {
        /** Values of a feature. */
        COUNTS,
        /** Rows, errors and latencies. */
        HEALTH,
        /** Rows whose labels are waited for. */
        ASKED,
        /** A label has come. */
        LABELLED,
        /** A label that has come is taken back, to be replaced. */
        UNLABELLED,
        /** What belongs to the window but to no row. */
        UNASSIGNED
    }

    /** Numbers of a kind. */
    public static CellUpdate of(
            Cell cell, long windowStart, long windowEnd, Kind kind, double[] edges, long[] numbers) {
        return of(cell, windowStart, windowEnd, kind, edges, numbers, Double.NaN, Double.NaN, AT_ONCE);
    }

    /** Numbers of a kind that has no edges. */
    public static CellUpdate of(Cell cell, long windowStart, long windowEnd, Kind kind, long... numbers) {
        return of(cell, windowStart, windowEnd, kind, NO_EDGES, numbers);
    }

    /** One thing that belongs to a window but to no row, from a moment on. */
    public static CellUpdate unassigned(Cell cell, long windowStart, long windowEnd, long at) {
        return of(cell, windowStart, windowEnd, Kind.UNASSIGNED, NO_EDGES, new long[] {1}, Double.NaN, Double.NaN, at);
    }

    /** A label, come or taken back, that counts from a moment on. */
    public static CellUpdate label(
            Cell cell, long windowStart, long windowEnd, Kind kind, double score, double label, long at) {
        return of(cell, windowStart, windowEnd, kind, NO_EDGES, NO_NUMBERS, score, label, at);
    }

    private static CellUpdate of(
            Cell cell,
            long windowStart,
            long windowEnd,
            Kind kind,
            double[] edges,
            long[] numbers,
            double score,
            double label,
            long at) {
        return new CellUpdate(
                cell.monitor(),
                cell.model(),
                cell.version(),
                cell.feature(),
                cell.segment(),
                windowStart,
                windowEnd,
                kind,
                edges,
                numbers,
                score,
                label,
                at);
    }

    /** Where it belongs. */
    public Cell cell() {
        return new Cell(monitor, model, version, feature, segment);
    }

    /** The text that a cell's updates are brought together by. */
    public String key() {
        return cell().key();
    }
}
