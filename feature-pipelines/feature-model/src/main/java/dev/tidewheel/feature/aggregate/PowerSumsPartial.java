package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.math.BigInteger;

/**
 * Count and the exact sums of the first four powers: for skewness and kurtosis, both of the population, as
 * {@code scipy.stats.skew} and {@code kurtosis} compute them by default.
 *
 * <p>With m<sub>k</sub> the k-th central moment (divided by n), skewness is m₃/m₂<sup>3/2</sup> and kurtosis is the excess
 * m₄/m₂² − 3, which is 0 for a normal distribution. In whole numbers M<sub>k</sub> = n<sup>k</sup>·m<sub>k</sub>, so
 * skewness is the root of M₃²/M₂³ with the sign of M₃, and kurtosis (M₄ − 3·M₂²)/M₂²: exact until rounded once. Both are
 * NaN with status OK if all values are equal, or one of them is NaN or infinite.
 *
 * @param input INT64 or FLOAT64
 */
record PowerSumsPartial(ColumnType input) implements Partial<PowerSumsPartial.PowerSums> {
    private static final int POWERS = 4;

    static BoundAggregate<PowerSums> skewness(Operands input, Parameters parameters) {
        return new PowerSumsPartial(input.input()).bind(Central::skewness);
    }

    static BoundAggregate<PowerSums> kurtosis(Operands input, Parameters parameters) {
        return new PowerSumsPartial(input.input()).bind(Central::kurtosis);
    }

    private BoundAggregate<PowerSums> bind(java.util.function.ToDoubleFunction<Central> shape) {
        return new BoundAggregate<>(this, ColumnType.FLOAT64, (sums, at, out, slot) -> {
            if (sums.count <= 0) {
                return Status.NULL;
            }
            if (!sums.nonFinite.isNone()) {
                out.setDouble(slot, Double.NaN);
                return Status.OK;
            }
            Central central = sums.central();
            if (central.second.signum() < 0) {
                return Status.NULL;
            }
            out.setDouble(slot, central.second.signum() == 0 ? Double.NaN : shape.applyAsDouble(central));
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return "powers(" + input + ")";
    }

    @Override
    public Class<PowerSums> type() {
        return PowerSums.class;
    }

    @Override
    public PowerSums create() {
        return new PowerSums(input == ColumnType.FLOAT64);
    }

    @Override
    public PowerSums decode(ByteReader in) {
        PowerSums sums = create();
        sums.decode(in);
        return sums;
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
        return input == ColumnType.INT64 ? 14 : 110;
    }

    /** Central moments as whole numbers: the k-th is n^k·m_k in a unit that the quotients do not see. */
    private record Central(BigInteger second, BigInteger third, BigInteger fourth) {

        double skewness() {
            double magnitude = ExactRatio.sqrt(third.pow(2), second.pow(3));
            return third.signum() < 0 ? -magnitude : magnitude;
        }

        double kurtosis() {
            BigInteger square = second.pow(2);
            return ExactRatio.toDouble(fourth.subtract(square.multiply(BigInteger.valueOf(3))), square, 0);
        }
    }

    static final class PowerSums implements Accumulator<PowerSums> {
        private final boolean doubles;
        private long count;
        private final ExactSum[] sums = new ExactSum[POWERS];
        private NonFinite nonFinite = new NonFinite();

        private PowerSums(boolean doubles) {
            this.doubles = doubles;
            java.util.Arrays.setAll(sums, i -> new ExactSum());
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            count(values, slot, 1);
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            count(values, slot, -1);
        }

        private void count(Row values, int slot, int times) {
            count += times;
            boolean negative = times < 0;
            if (!doubles) {
                for (int i = 0; i < POWERS; i++) {
                    sums[i].addPower(values.getLong(slot), i + 1, negative);
                }
            } else if (!nonFinite.takes(values.getDouble(slot), times)) {
                for (int i = 0; i < POWERS; i++) {
                    sums[i].addPower(values.getDouble(slot), i + 1, negative);
                }
            }
        }

        @Override
        public void merge(PowerSums other) {
            count += other.count;
            for (int i = 0; i < POWERS; i++) {
                sums[i].merge(other.sums[i]);
            }
            nonFinite.merge(other.nonFinite);
        }

        @Override
        public void subtract(PowerSums other) {
            count -= other.count;
            for (int i = 0; i < POWERS; i++) {
                sums[i].subtract(other.sums[i]);
            }
            nonFinite.subtract(other.nonFinite);
        }

        @Override
        public boolean isIdentity() {
            for (ExactSum sum : sums) {
                if (!sum.isZero()) {
                    return false;
                }
            }
            return count == 0 && nonFinite.isNone();
        }

        private Central central() {
            int unit = 0;
            for (int i = 0; i < POWERS; i++) {
                unit = Math.min(unit, Math.floorDiv(sums[i].scale(), i + 1));
            }
            BigInteger n = BigInteger.valueOf(count);
            BigInteger x = scaled(0, unit);
            BigInteger x2 = scaled(1, unit);
            BigInteger x3 = scaled(2, unit);
            BigInteger x4 = scaled(3, unit);
            BigInteger square = x.pow(2);
            BigInteger second = n.multiply(x2).subtract(square);
            BigInteger third = n.pow(2)
                    .multiply(x3)
                    .subtract(times(3, n.multiply(x).multiply(x2)))
                    .add(times(2, square.multiply(x)));
            BigInteger fourth = n.pow(3)
                    .multiply(x4)
                    .subtract(times(4, n.pow(2).multiply(x).multiply(x3)))
                    .add(times(6, n.multiply(square).multiply(x2)))
                    .subtract(times(3, square.pow(2)));
            return new Central(second, third, fourth);
        }

        private BigInteger scaled(int power, int unit) {
            return sums[power].scaled().shiftLeft(sums[power].scale() - (power + 1) * unit);
        }

        private static BigInteger times(int factor, BigInteger value) {
            return value.multiply(BigInteger.valueOf(factor));
        }

        /** The count, its lowest bit telling whether the long form follows; then the sums. */
        @Override
        public void encode(ByteWriter out) {
            boolean compact = nonFinite.isNone();
            for (ExactSum sum : sums) {
                sum.settle();
                compact &= sum.isSmall();
            }
            out.writeSigned((count << 1) | (compact ? 0 : 1));
            if (!compact) {
                nonFinite.encode(out);
            }
            for (ExactSum sum : sums) {
                if (compact) {
                    out.writeSigned(sum.units());
                } else {
                    sum.encode(out);
                }
            }
        }

        private void decode(ByteReader in) {
            long header = in.readSigned();
            count = header >> 1;
            boolean compact = (header & 1) == 0;
            if (!compact) {
                nonFinite = NonFinite.decode(in);
            }
            for (int i = 0; i < POWERS; i++) {
                if (compact) {
                    sums[i].add(in.readSigned());
                } else {
                    sums[i] = ExactSum.decode(in);
                }
            }
        }

        @Override
        public String describe() {
            return "count " + count + ", " + (nonFinite.isNone() ? "sum " + sums[0] : "not all finite");
        }
    }
}
