package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.math.BigInteger;
import java.util.function.DoubleUnaryOperator;

/**
 * Count, exact sum and exact sum of squares: for variance and stddev, by default both of the population (divided by n; 0
 * for a single value), with {@code ddof: 1} of a sample (divided by n − 1; null for a single value).
 *
 * <p>The variance is (n·Σx² − (Σx)²) / (n·(n − ddof)), exact and rounded once; stddev is the square root of the rounded variance. Both
 * are NaN with status OK as soon as one value is NaN or infinite, and infinite where the variance is beyond the range.
 *
 * @param input INT64 or FLOAT64
 */
record MomentsPartial(ColumnType input) implements Partial<MomentsPartial.Moments> {
    static final Parameter DDOF =
            Parameter.whole("ddof", "what is taken from the divisor n: 0 for a population, 1 for a sample", 0, 0, 1);

    static BoundAggregate<Moments> variance(Operands input, Parameters parameters) {
        return bind(input, parameters, variance -> variance);
    }

    static BoundAggregate<Moments> stddev(Operands input, Parameters parameters) {
        return bind(input, parameters, Math::sqrt);
    }

    private static BoundAggregate<Moments> bind(
            Operands input, Parameters parameters, DoubleUnaryOperator afterRounding) {
        int ddof = parameters.whole("ddof");
        MomentsPartial partial = new MomentsPartial(input.input());
        return new BoundAggregate<>(partial, ColumnType.FLOAT64, (moments, at, out, slot) -> {
            if (moments.count <= ddof || !moments.hasVariance()) {
                return Status.NULL;
            }
            out.setDouble(slot, afterRounding.applyAsDouble(moments.variance(ddof)));
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return "moments(" + input + ")";
    }

    @Override
    public Class<Moments> type() {
        return Moments.class;
    }

    @Override
    public Moments create() {
        return new Moments(input == ColumnType.FLOAT64);
    }

    @Override
    public Moments decode(ByteReader in) {
        Moments moments = create();
        moments.decode(in);
        return moments;
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
        return input == ColumnType.INT64 ? Promise.EXACT : Promise.REPRODUCIBLE;
    }

    @Override
    public int typicalBytes() {
        return input == ColumnType.INT64 ? 6 : 35;
    }

    static final class Moments implements Accumulator<Moments> {
        private final boolean doubles;
        private long count;
        private ExactSum sum = new ExactSum();
        private ExactSum squares = new ExactSum();
        private NonFinite nonFinite = new NonFinite();

        private Moments(boolean doubles) {
            this.doubles = doubles;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            count++;
            if (!doubles) {
                sum.add(values.getLong(slot));
                squares.addSquare(values.getLong(slot), false);
            } else if (!nonFinite.takes(values.getDouble(slot), 1)) {
                sum.add(values.getDouble(slot));
                squares.addSquare(values.getDouble(slot), false);
            }
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            count--;
            if (!doubles) {
                sum.subtract(values.getLong(slot));
                squares.addSquare(values.getLong(slot), true);
            } else if (!nonFinite.takes(values.getDouble(slot), -1)) {
                sum.add(-values.getDouble(slot));
                squares.addSquare(values.getDouble(slot), true);
            }
        }

        @Override
        public void merge(Moments other) {
            count += other.count;
            sum.merge(other.sum);
            squares.merge(other.squares);
            nonFinite.merge(other.nonFinite);
        }

        @Override
        public void subtract(Moments other) {
            count -= other.count;
            sum.subtract(other.sum);
            squares.subtract(other.squares);
            nonFinite.subtract(other.nonFinite);
        }

        @Override
        public boolean isIdentity() {
            return count == 0 && sum.isZero() && squares.isZero() && nonFinite.isNone();
        }

        private boolean hasVariance() {
            return !nonFinite.isNone() || numerator().signum() >= 0;
        }

        private double variance(int ddof) {
            if (!nonFinite.isNone()) {
                return Double.NaN;
            }
            BigInteger divisor = BigInteger.valueOf(count).multiply(BigInteger.valueOf(count - ddof));
            return ExactRatio.toDouble(numerator(), divisor, exponent());
        }

        /** n·Σx² − (Σx)², divided by 2^{@link #exponent}. */
        private BigInteger numerator() {
            int exponent = exponent();
            BigInteger scaledSquares = squares.scaled().shiftLeft(squares.scale() - exponent);
            BigInteger scaledSum = sum.scaled();
            return scaledSquares
                    .multiply(BigInteger.valueOf(count))
                    .subtract(scaledSum.multiply(scaledSum).shiftLeft(2 * sum.scale() - exponent));
        }

        private int exponent() {
            return Math.min(squares.scale(), 2 * sum.scale());
        }

        /** The count, its lowest bit telling whether the long form follows; then the sums. */
        @Override
        public void encode(ByteWriter out) {
            sum.settle();
            squares.settle();
            boolean compact = sum.isSmall() && squares.isSmall() && nonFinite.isNone();
            out.writeSigned((count << 1) | (compact ? 0 : 1));
            if (compact) {
                out.writeSigned(sum.units());
                out.writeSigned(squares.units());
            } else {
                nonFinite.encode(out);
                sum.encode(out);
                squares.encode(out);
            }
        }

        private void decode(ByteReader in) {
            long header = in.readSigned();
            count = header >> 1;
            if ((header & 1) == 0) {
                sum.add(in.readSigned());
                squares.add(in.readSigned());
            } else {
                nonFinite = NonFinite.decode(in);
                sum = ExactSum.decode(in);
                squares = ExactSum.decode(in);
            }
        }

        @Override
        public String describe() {
            return "count " + count + ", "
                    + (nonFinite.isNone() ? "sum " + sum + ", squares " + squares : "not all finite");
        }
    }
}
