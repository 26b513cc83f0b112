package dev.tidewheel.drift.histogram;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The edges of a histogram, ascending. Bin i is [edge i, edge i + 1), the last one closed on both sides; what lies outside
 * is counted as below or above. One edge is a single bin of exactly that value; without edges every value is above.
 * Immutable and thread-safe.
 */
public final class Edges {
    /** For 0 and 1: a bin for each. */
    public static final Edges BINARY = of(0, 0.5, 1);
    /** For what has no values in the reference. */
    public static final Edges NONE = of();

    private final double[] edges;
    private final String id;

    private Edges(double[] edges) {
        this.edges = edges;
        this.id = digest(edges);
    }

    /**
     * Given edges.
     *
     * @throws IllegalArgumentException unless they are finite and strictly ascending
     */
    public static Edges of(double... ascending) {
        double[] edges = new double[ascending.length];
        for (int i = 0; i < edges.length; i++) {
            // Adding zero turns -0.0 into 0.0: equal edges have equal ids.
            edges[i] = ascending[i] + 0.0;
            if (!Double.isFinite(edges[i]) || i > 0 && edges[i] <= edges[i - 1]) {
                throw new IllegalArgumentException(
                        "edges must be finite and ascending, got " + Arrays.toString(ascending));
            }
        }
        return new Edges(edges);
    }

    /**
     * Edges that cut a reference into bins of about equal count. The first edge is its least value and the last its
     * greatest. Each inner edge is a value of the reference, with which its bin begins; halfway to the value before where
     * it is the greatest. A value that takes two or more of the quantiles gets a bin of its own, and so does every value
     * where there are no more of them than bins: a column that is 0 in most rows still shows its other values.
     *
     * @param values the reference; NaN and infinities are left out
     * @param bins how many bins at most, at least 1
     */
    public static Edges quantiles(double[] values, int bins) {
        if (bins < 1) {
            throw new IllegalArgumentException("at least one bin is needed, got " + bins);
        }
        double[] sorted = Arrays.stream(values)
                .filter(Double::isFinite)
                .map(value -> value + 0.0)
                .sorted()
                .toArray();
        return sorted.length == 0 ? NONE : new Edges(QuantileCuts.edges(sorted, bins));
    }

    /** The same with one edge more, unless it is there already or lies outside. */
    public Edges with(double edge) {
        if (edges.length < 2 || edge <= edges[0] || edge >= edges[edges.length - 1] || indexOf(edge) >= 0) {
            return this;
        }
        double[] more = Arrays.copyOf(edges, edges.length + 1);
        more[edges.length] = edge;
        Arrays.sort(more);
        return of(more);
    }

    /** How many bins there are, below and above not counted. */
    public int bins() {
        return edges.length < 2 ? edges.length : edges.length - 1;
    }

    /** Where a finite value belongs: 0 is below, 1 to {@link #bins} a bin, and one more is above. */
    public int cell(double value) {
        int last = edges.length - 1;
        if (last < 0 || value > edges[last]) {
            return bins() + 1;
        }
        if (value == edges[last]) {
            return bins();
        }
        int from = 0;
        int to = edges.length;
        while (from < to) {
            int middle = from + to >>> 1;
            if (edges[middle] <= value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** The number of an edge, from 0; negative if there is no such edge. */
    public int indexOf(double edge) {
        return Arrays.binarySearch(edges, edge + 0.0);
    }

    /** The edges, ascending; a copy. */
    public double[] toArray() {
        return edges.clone();
    }

    /** Equal for equal edges: {@code edges:} and 16 hexadecimal digits. */
    public String id() {
        return id;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Edges that && Arrays.equals(edges, that.edges);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(edges);
    }

    @Override
    public String toString() {
        return Arrays.toString(edges);
    }

    private static String digest(double[] edges) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * edges.length);
        for (double edge : edges) {
            bytes.putDouble(edge);
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return "edges:" + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
