package dev.tidewheel.drift.histogram;

import dev.tidewheel.drift.sum.FixedPointSum;
import java.util.Arrays;

/**
 * Where the values of one feature went: nulls, NaNs, infinities, what could not be read, and the finite values by bin,
 * with their sum. Everything is a whole number, so counts can be merged and taken back, and are equal in any order.
 * Equal if edges and all counts are. Not thread-safe, unless {@link #frozen}.
 */
public final class Counts {
    private static final int NULLS = 0;
    private static final int NANS = 1;
    private static final int INFINITIES = 2;
    private static final int UNAVAILABLE = 3;
    private static final int SUM_HIGH = 4;
    private static final int SUM_LOW = 5;
    private static final int BELOW = 6;

    private final Edges edges;
    private final long[] cells;
    private final boolean frozen;

    /** Nothing counted yet. */
    public Counts(Edges edges) {
        this(edges, new long[BELOW + edges.bins() + 2], false);
    }

    private Counts(Edges edges, long[] cells, boolean frozen) {
        this.edges = edges;
        this.cells = cells;
        this.frozen = frozen;
    }

    /**
     * From what {@link #cells} gave.
     *
     * @throws IllegalArgumentException if the cells cannot be of these edges
     */
    public static Counts of(Edges edges, long... cells) {
        if (cells.length != BELOW + edges.bins() + 2) {
            throw new IllegalArgumentException(
                    edges.bins() + " bins have " + (BELOW + edges.bins() + 2) + " cells, not " + cells.length);
        }
        for (int cell = 0; cell < cells.length; cell++) {
            if (cells[cell] < 0 && cell != SUM_HIGH && cell != SUM_LOW) {
                throw new IllegalArgumentException("a count is negative: " + Arrays.toString(cells));
            }
        }
        return new Counts(edges, cells.clone(), false);
    }

    /** The state as numbers: nulls, NaNs, infinities, unavailable, two words of the sum, below, the bins, above. A copy. */
    public long[] cells() {
        return cells.clone();
    }

    /** A copy that refuses changes, and may be shared between threads. */
    public Counts frozen() {
        return frozen ? this : new Counts(edges, cells.clone(), true);
    }

    /** A copy that can be changed. */
    public Counts copy() {
        return new Counts(edges, cells.clone(), false);
    }

    public void add(double value) {
        count(value, 1);
    }

    public void addNull() {
        change(NULLS, 1);
    }

    /** Counts a value that could not be read. */
    public void addUnavailable() {
        change(UNAVAILABLE, 1);
    }

    /** Takes back a value that was added. */
    public void remove(double value) {
        count(value, -1);
    }

    public void removeNull() {
        change(NULLS, -1);
    }

    public void removeUnavailable() {
        change(UNAVAILABLE, -1);
    }

    /** Adds all that others counted on the same edges. */
    public void merge(Counts other) {
        requireSameEdges(other);
        FixedPointSum sum = sum();
        sum.merge(other.sum());
        for (int cell = 0; cell < cells.length; cell++) {
            change(cell, other.cells[cell]);
        }
        set(sum);
    }

    /** Both together, as a new object. */
    public Counts plus(Counts other) {
        Counts both = copy();
        both.merge(other);
        return both;
    }

    /**
     * These without a part of them, as a new object.
     *
     * @throws IllegalArgumentException if the other is no part of these
     */
    public Counts minus(Counts part) {
        requireSameEdges(part);
        long[] rest = new long[cells.length];
        Arrays.setAll(rest, cell -> cells[cell] - part.cells[cell]);
        FixedPointSum sum = sum();
        sum.unmerge(part.sum());
        rest[SUM_HIGH] = sum.high();
        rest[SUM_LOW] = sum.low();
        return of(edges, rest);
    }

    public Edges edges() {
        return edges;
    }

    /** All that was counted. */
    public long rows() {
        return observed() + unavailable();
    }

    /** All that could be read: values and missing. What shares are taken of. */
    public long observed() {
        return values() + missing();
    }

    /** Null by the feature's own semantics. */
    public long nulls() {
        return cells[NULLS];
    }

    public long nans() {
        return cells[NANS];
    }

    public long infinities() {
        return cells[INFINITIES];
    }

    public long unavailable() {
        return cells[UNAVAILABLE];
    }

    /** Read, but no number to speak of: nulls, NaNs and infinities. */
    public long missing() {
        return nulls() + nans() + infinities();
    }

    /** How many finite values. */
    public long values() {
        long values = 0;
        for (int cell = BELOW; cell < cells.length; cell++) {
            values += cells[cell];
        }
        return values;
    }

    public long below() {
        return cells[BELOW];
    }

    public long above() {
        return cells[cells.length - 1];
    }

    /** Count by bin; a copy. */
    public long[] bins() {
        return Arrays.copyOfRange(cells, BELOW + 1, cells.length - 1);
    }

    /** How many cells finite values fall into: below, the bins, above. */
    public int valueCells() {
        return cells.length - BELOW;
    }

    /** Count of a cell of finite values, as {@link Edges#cell} numbers them. */
    public long valueCell(int cell) {
        return cells[BELOW + cell];
    }

    /** The mean of the finite values; NaN without any. */
    public double mean() {
        long values = values();
        return values == 0 ? Double.NaN : sum().value() / values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Counts that && edges.equals(that.edges) && Arrays.equals(cells, that.cells);
    }

    @Override
    public int hashCode() {
        return 31 * edges.hashCode() + Arrays.hashCode(cells);
    }

    @Override
    public String toString() {
        return "Counts" + Arrays.toString(cells) + " on " + edges;
    }

    private void count(double value, int times) {
        if (Double.isNaN(value)) {
            change(NANS, times);
        } else if (Double.isInfinite(value)) {
            change(INFINITIES, times);
        } else {
            change(BELOW + edges.cell(value), times);
            FixedPointSum sum = sum();
            if (times > 0) {
                sum.add(value);
            } else {
                sum.subtract(value);
            }
            set(sum);
        }
    }

    private FixedPointSum sum() {
        return new FixedPointSum(cells[SUM_HIGH], cells[SUM_LOW]);
    }

    private void set(FixedPointSum sum) {
        cells[SUM_HIGH] = sum.high();
        cells[SUM_LOW] = sum.low();
    }

    private void change(int cell, long by) {
        if (frozen) {
            throw new IllegalStateException("these counts are shared and may not change: copy them");
        }
        cells[cell] += by;
    }

    private void requireSameEdges(Counts other) {
        if (!edges.equals(other.edges)) {
            throw new IllegalArgumentException("counts on different edges: " + edges + " and " + other.edges);
        }
    }
}
