package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/**
 * Counts per logarithmic bucket (see {@link LogBuckets}), a DDSketch that never collapses: for quantiles. The q-quantile
 * of n values is the one of rank ⌊q·(n − 1)⌋, counted from 0; the result is within {@code accuracy} of it, relatively, and
 * has the same bits in any order. A NaN among the values makes the result NaN with status OK. The size is bounded by the
 * span of the values: about ln(greatest/smallest)/(2·accuracy) buckets for each sign, 35,000 at most at 1 %; delays
 * between a minute and a day touch fewer than 400.
 *
 * @param input INT64 or FLOAT64; an integer counts as the nearest double
 * @param accuracy the greatest relative error
 * @param mapping the buckets for that accuracy
 */
record QuantilePartial(ColumnType input, double accuracy, LogBuckets mapping)
        implements Partial<QuantilePartial.Sketch> {
    static final Parameter Q = Parameter.number("q", "which quantile: 0 the least, 1 the greatest", 0.5, 0, 1);
    static final Parameter ACCURACY = Parameter.number("accuracy", "the greatest relative error", 0.01, 1e-4, 0.5);

    static BoundAggregate<Sketch> bind(Operands input, Parameters parameters) {
        double q = parameters.number("q");
        double accuracy = parameters.number("accuracy");
        QuantilePartial partial = new QuantilePartial(input.input(), accuracy, new LogBuckets(accuracy));
        LogBuckets buckets = partial.mapping;
        return new BoundAggregate<>(partial, ColumnType.FLOAT64, (sketch, at, out, slot) -> {
            long count = sketch.count();
            if (count == 0) {
                return Status.NULL;
            }
            out.setDouble(slot, sketch.nan > 0 ? Double.NaN : buckets.representative(sketch.bucketOf(q, count)));
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return "quantile(" + input + ", " + accuracy + ")";
    }

    @Override
    public Class<Sketch> type() {
        return Sketch.class;
    }

    @Override
    public Sketch create() {
        return new Sketch(input == ColumnType.FLOAT64, mapping);
    }

    @Override
    public Sketch decode(ByteReader in) {
        Sketch sketch = create();
        sketch.decode(in);
        return sketch;
    }

    @Override
    public boolean retracts() {
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
        return 50;
    }

    static final class Sketch implements Accumulator<Sketch> {
        private final boolean doubles;
        private final LogBuckets mapping;
        private final WordTally buckets = new WordTally();
        private long nan;

        private Sketch(boolean doubles, LogBuckets mapping) {
            this.doubles = doubles;
            this.mapping = mapping;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            count(value(values, slot), 1);
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            count(value(values, slot), -1);
        }

        private double value(Row values, int slot) {
            return doubles ? values.getDouble(slot) : (double) values.getLong(slot);
        }

        private void count(double value, long times) {
            if (Double.isNaN(value)) {
                nan += times;
                return;
            }
            buckets.count(mapping.bucket(value), times);
        }

        @Override
        public void merge(Sketch other) {
            nan += other.nan;
            buckets.merge(other.buckets);
        }

        @Override
        public boolean isIdentity() {
            for (int i = 0; i < buckets.size(); i++) {
                if (buckets.count(i) != 0) {
                    return false;
                }
            }
            return nan == 0;
        }

        private long count() {
            long count = Math.max(0, nan);
            for (int i = 0; i < buckets.size(); i++) {
                count += Math.max(0, buckets.count(i));
            }
            return count;
        }

        private int bucketOf(double q, long count) {
            long rank = (long) StrictMath.floor(q * (double) (count - 1));
            buckets.sort();
            int at = 0;
            long below = Math.max(0, buckets.count(0));
            while (below <= rank) {
                at++;
                below += Math.max(0, buckets.count(at));
            }
            return (int) buckets.word(at);
        }

        /** NaNs, how many buckets, the first bucket, then per bucket its gap with a bit that tells if a count follows. */
        @Override
        public void encode(ByteWriter out) {
            buckets.dropZeros();
            buckets.sort();
            out.writeSigned(nan);
            out.writeUnsigned(buckets.size());
            long previous = 0;
            for (int i = 0; i < buckets.size(); i++) {
                long gap = buckets.word(i) - previous;
                boolean single = buckets.count(i) == 1;
                long header = gap << 1 | (single ? 0 : 1);
                if (i == 0) {
                    out.writeSigned(header);
                } else {
                    out.writeUnsigned(header);
                }
                if (!single) {
                    out.writeSigned(buckets.count(i));
                }
                previous = buckets.word(i);
            }
        }

        private void decode(ByteReader in) {
            nan = in.readSigned();
            int size = in.readLength();
            long previous = 0;
            for (int i = 0; i < size; i++) {
                long header = i == 0 ? in.readSigned() : in.readUnsigned();
                long bucket = previous + (header >> 1);
                if (bucket != (int) bucket || (i > 0 && bucket <= previous)) {
                    throw new IllegalArgumentException("a sketch's buckets do not ascend");
                }
                buckets.append(bucket, (header & 1) == 0 ? 1 : in.readSigned());
                previous = bucket;
            }
        }

        @Override
        public String describe() {
            buckets.sort();
            int size = buckets.size();
            return size == 0
                    ? "nothing"
                    : "count " + count() + " from " + mapping.representative((int) buckets.word(0)) + " to "
                            + mapping.representative((int) buckets.word(size - 1));
        }
    }
}
