package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.math.BigInteger;

/**
 * Count and exact sum: for sum and mean.
 *
 * <p>Integers: the sum is exact; beyond 64 bits it is null with status OVERFLOW, while the mean stays right. Doubles: the
 * sum is exact and rounded once, to the nearest double, which is infinite beyond the range. A NaN among them, or both
 * infinities, give NaN; one infinity gives that infinity; the status is OK. A sum of 0 is +0.0.
 *
 * @param input INT64 or FLOAT64
 */
record SumPartial(ColumnType input) implements Partial<SumPartial.Sum> {
    private static final long MAX_EXACT_INTEGER = 1L << 53;

    static BoundAggregate<Sum> sum(Operands input, Parameters parameters) {
        ColumnType type = input.input();
        return type == ColumnType.INT64
                ? new BoundAggregate<>(new SumPartial(type), ColumnType.INT64, SumPartial::finishInteger)
                : new BoundAggregate<>(new SumPartial(type), ColumnType.FLOAT64, SumPartial::finishDouble);
    }

    static BoundAggregate<Sum> mean(Operands input, Parameters parameters) {
        SumPartial partial = new SumPartial(input.input());
        return new BoundAggregate<>(partial, ColumnType.FLOAT64, SumPartial::finishMean);
    }

    private static Status finishInteger(Sum sum, ReadPoint at, Row out, int slot) {
        if (sum.count <= 0) {
            return Status.NULL;
        }
        sum.sum.settle();
        if (!sum.sum.isSmall()) {
            return Status.OVERFLOW;
        }
        out.setLong(slot, sum.sum.units());
        return Status.OK;
    }

    private static Status finishDouble(Sum sum, ReadPoint at, Row out, int slot) {
        if (sum.count <= 0) {
            return Status.NULL;
        }
        out.setDouble(slot, sum.value());
        return Status.OK;
    }

    private static Status finishMean(Sum sum, ReadPoint at, Row out, int slot) {
        if (sum.count <= 0) {
            return Status.NULL;
        }
        out.setDouble(slot, sum.nonFinite.isNone() ? sum.dividedBy(sum.count) : sum.nonFinite.sum());
        return Status.OK;
    }

    @Override
    public String key() {
        return "sum(" + input + ")";
    }

    @Override
    public Class<Sum> type() {
        return Sum.class;
    }

    @Override
    public Sum create() {
        return new Sum(input == ColumnType.FLOAT64);
    }

    @Override
    public Sum decode(ByteReader in) {
        Sum sum = create();
        sum.decode(in);
        return sum;
    }

    @Override
    public void skip(ByteReader in) {
        boolean compact = (in.readSigned() & 1) == 0;
        if (compact) {
            in.skipNumber();
        } else {
            NonFinite.decode(in);
            ExactSum.decode(in);
        }
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

    /** Of integers: the count, and the lower and the upper half of the sum, both with a sign. */
    @Override
    public int terms() {
        return input == ColumnType.INT64 ? 3 : 0;
    }

    @Override
    public void readTerms(Row values, int slot, long[] into, int at) {
        if (input != ColumnType.INT64) {
            Partial.super.readTerms(values, slot, into, at);
        }
        long value = values.getLong(slot);
        int lower = (int) value;
        into[at] = 1;
        into[at + 1] = lower;
        into[at + 2] = (value >> Integer.SIZE) + (lower < 0 ? 1 : 0);
    }

    @Override
    public Sum ofTerms(long[] terms, int at) {
        if (input != ColumnType.INT64) {
            return Partial.super.ofTerms(terms, at);
        }
        Sum sum = create();
        sum.count = terms[at];
        sum.sum.add(terms[at + 1]);
        sum.sum.addShifted(terms[at + 2]);
        return sum;
    }

    @Override
    public Promise promise() {
        return input == ColumnType.INT64 ? Promise.EXACT : Promise.REPRODUCIBLE;
    }

    @Override
    public int typicalBytes() {
        return input == ColumnType.INT64 ? 3 : 10;
    }

    static final class Sum implements Accumulator<Sum> {
        /** Of integers, which share it: nothing is ever counted there. */
        private static final NonFinite NONE = new NonFinite();

        private final boolean doubles;
        private long count;
        private ExactSum sum = new ExactSum();
        private NonFinite nonFinite;

        private Sum(boolean doubles) {
            this.doubles = doubles;
            this.nonFinite = doubles ? new NonFinite() : NONE;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            count++;
            if (!doubles) {
                sum.add(values.getLong(slot));
            } else if (!nonFinite.takes(values.getDouble(slot), 1)) {
                sum.add(values.getDouble(slot));
            }
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            count--;
            if (!doubles) {
                sum.subtract(values.getLong(slot));
            } else if (!nonFinite.takes(values.getDouble(slot), -1)) {
                sum.add(-values.getDouble(slot));
            }
        }

        @Override
        public void merge(Sum other) {
            count += other.count;
            sum.merge(other.sum);
            if (doubles) {
                nonFinite.merge(other.nonFinite);
            }
        }

        @Override
        public void subtract(Sum other) {
            count -= other.count;
            sum.subtract(other.sum);
            if (doubles) {
                nonFinite.subtract(other.nonFinite);
            }
        }

        @Override
        public boolean isIdentity() {
            return count == 0 && sum.isZero() && nonFinite.isNone();
        }

        long count() {
            return count;
        }

        /** Whether the sum is 0, exactly. */
        boolean isNought() {
            return nonFinite.isNone() && sum.isZero();
        }

        /** The quotient of two sums, the other one not 0: exact and rounded once, by IEEE 754 if one is not finite. */
        double dividedBy(Sum other) {
            if (!nonFinite.isNone() || !other.nonFinite.isNone()) {
                double quotient = value() / other.value();
                return Double.isNaN(quotient) ? Double.NaN : quotient; // One NaN, whatever the machine makes.
            }
            BigInteger divisor = other.sum.scaled();
            BigInteger dividend = divisor.signum() < 0 ? sum.scaled().negate() : sum.scaled();
            return ExactRatio.toDouble(dividend, divisor.abs(), sum.scale() - other.sum.scale());
        }

        private double value() {
            return nonFinite.isNone() ? dividedBy(1) : nonFinite.sum();
        }

        private double dividedBy(long divisor) {
            if (sum.isSmall() && Math.abs(sum.units()) <= MAX_EXACT_INTEGER && divisor <= MAX_EXACT_INTEGER) {
                return (double) sum.units() / (double) divisor;
            }
            return ExactRatio.toDouble(sum.scaled(), BigInteger.valueOf(divisor), sum.scale());
        }

        /** The count, its lowest bit telling whether the long form follows; then the sum. */
        @Override
        public void encode(ByteWriter out) {
            sum.settle();
            boolean compact = sum.isSmall() && nonFinite.isNone();
            out.writeSigned((count << 1) | (compact ? 0 : 1));
            if (compact) {
                out.writeSigned(sum.units());
            } else {
                nonFinite.encode(out);
                sum.encode(out);
            }
        }

        private void decode(ByteReader in) {
            long header = in.readSigned();
            count = header >> 1;
            if ((header & 1) == 0) {
                sum.add(in.readSigned());
            } else {
                nonFinite = NonFinite.decode(in);
                sum = ExactSum.decode(in);
            }
        }

        @Override
        public String describe() {
            return "count " + count + ", sum " + (nonFinite.isNone() ? sum.toString() : nonFinite.sum());
        }
    }
}
