package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.List;

/**
 * Counts per bin: bin i holds edge<sub>i</sub> ≤ x &lt; edge<sub>i+1</sub>. What lies below the first edge, at or above the
 * last one, and NaN, are counted apart. An integer counts as the nearest double. A count below 0 (retractions without
 * their additions) is told as it is.
 *
 * @param input INT64 or FLOAT64
 * @param edges ascending, at least two
 */
record HistogramPartial(ColumnType input, List<Double> edges) implements Partial<HistogramPartial.Bins> {
    static final Parameter EDGES =
            Parameter.ascending("edges", "where the bins meet; one bin less than edges", List.of(0.0, 10.0, 100.0));

    HistogramPartial {
        edges = List.copyOf(edges);
    }

    static BoundAggregate<Bins> bind(Operands input, Parameters parameters) {
        HistogramPartial partial = new HistogramPartial(input.input(), parameters.numbers("edges"));
        return new BoundAggregate<>(partial, ColumnType.JSON, (bins, at, out, slot) -> {
            out.setString(slot, bins.toJson());
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return "histogram(" + input + ", " + edges + ")";
    }

    @Override
    public Class<Bins> type() {
        return Bins.class;
    }

    @Override
    public Bins create() {
        return new Bins(this);
    }

    @Override
    public Bins decode(ByteReader in) {
        Bins bins = create();
        bins.decode(in);
        return bins;
    }

    @Override
    public boolean retracts() {
        return true;
    }

    @Override
    public boolean subtracts() {
        return true;
    }

    @Override
    public boolean readsIds() {
        return false;
    }

    @Override
    public Promise promise() {
        return Promise.EXACT;
    }

    @Override
    public int typicalBytes() {
        return 1 + 2 * Math.min(edges.size(), 10);
    }

    @Override
    public long mostBytes() {
        return 2 + (edges.size() + 2) * 6L;
    }

    static final class Bins implements Accumulator<Bins> {
        private final boolean doubles;
        private final double[] edges;
        private final long[] counts; // below, the bins, above, NaN

        private Bins(HistogramPartial partial) {
            doubles = partial.input == ColumnType.FLOAT64;
            edges = partial.edges.stream().mapToDouble(Double::doubleValue).toArray();
            counts = new long[edges.length + 2];
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            counts[bin(values, slot)]++;
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            counts[bin(values, slot)]--;
        }

        private int bin(Row values, int slot) {
            double value = doubles ? values.getDouble(slot) : (double) values.getLong(slot);
            if (Double.isNaN(value)) {
                return counts.length - 1;
            }
            int bin = 0;
            int end = edges.length;
            while (bin < end) {
                int middle = (bin + end) >>> 1;
                if (edges[middle] <= value) {
                    bin = middle + 1;
                } else {
                    end = middle;
                }
            }
            return bin;
        }

        @Override
        public void merge(Bins other) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += other.counts[i];
            }
        }

        @Override
        public void subtract(Bins other) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] -= other.counts[i];
            }
        }

        @Override
        public boolean isIdentity() {
            return held() == 0;
        }

        private int held() {
            int held = 0;
            for (long count : counts) {
                held += count == 0 ? 0 : 1;
            }
            return held;
        }

        private String toJson() {
            int last = counts.length - 1;
            JsonText text = new JsonText().open('{').key("above").number(counts[last - 1]);
            text.key("below").number(counts[0]).key("bins").open('[');
            for (int i = 1; i < last - 1; i++) {
                text.number(counts[i]);
            }
            return text.close(']').key("nan").number(counts[last]).close('}').toString();
        }

        /** How many are not 0; each as its distance from the one before, and its count. */
        @Override
        public void encode(ByteWriter out) {
            out.writeUnsigned(held());
            int next = 0;
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] != 0) {
                    out.writeUnsigned(i - next);
                    out.writeSigned(counts[i]);
                    next = i + 1;
                }
            }
        }

        private void decode(ByteReader in) {
            int held = in.readLength();
            long next = 0;
            for (int i = 0; i < held; i++) {
                long gap = in.readUnsigned();
                long at = next + gap;
                if (gap < 0 || at < 0 || at >= counts.length) {
                    throw new IllegalArgumentException("a histogram of " + counts.length + " counts has none at " + at);
                }
                counts[(int) at] = in.readSigned();
                next = at + 1;
            }
        }

        @Override
        public String describe() {
            return toJson();
        }
    }
}
