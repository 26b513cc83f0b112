package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exact sums of pairs (x, y): Σx, Σy, Σx², Σy² and Σxy. For correlation, where x is {@code by} and y is {@code of}; and
 * for trend, where x is the event time and Σy² is not needed.
 *
 * <p>With C = n·Σxy − ΣxΣy, X = n·Σx² − (Σx)² and Y likewise, in whole numbers: Pearson's correlation is C/√(X·Y), the
 * root of one exact quotient; the least-squares slope of y over time is 1000·C/X per second. Both are exact and rounded
 * once. A NaN or an infinity among the values makes them NaN. Correlation is NaN if all x or all y are equal, as in SciPy;
 * trend is null for fewer than two different event times.
 *
 * @param of the type of y
 * @param by the type of x; null for the event time
 */
record PairsPartial(ColumnType of, @Nullable ColumnType by) implements Partial<PairsPartial.Pairs> {
    private static final BigInteger MILLIS_PER_SECOND = BigInteger.valueOf(1_000);

    static BoundAggregate<Pairs> correlation(Operands input, Parameters parameters) {
        PairsPartial partial = new PairsPartial(input.input(), input.by().orElseThrow());
        return new BoundAggregate<>(partial, ColumnType.FLOAT64, PairsPartial::finishCorrelation);
    }

    static BoundAggregate<Pairs> trend(Operands input, Parameters parameters) {
        PairsPartial partial = new PairsPartial(input.input(), null);
        return new BoundAggregate<>(partial, ColumnType.FLOAT64, PairsPartial::finishTrend);
    }

    private static Status finishCorrelation(Pairs pairs, ReadPoint at, Row out, int slot) {
        if (pairs.count <= 0) {
            return Status.NULL;
        }
        if (!pairs.nonFinite.isNone()) {
            out.setDouble(slot, Double.NaN);
            return Status.OK;
        }
        BigInteger x = pairs.spread(pairs.x, pairs.squaresX, pairs.unitX());
        BigInteger y = pairs.spread(pairs.y, pairs.squaresY, pairs.unitY());
        BigInteger c = pairs.common();
        BigInteger square = x.multiply(y);
        if (x.signum() < 0 || y.signum() < 0 || c.pow(2).compareTo(square) > 0) {
            return Status.NULL; // No values have such sums: something was taken away that never came.
        }
        double magnitude = square.signum() == 0 ? Double.NaN : ExactRatio.sqrt(c.pow(2), square);
        out.setDouble(slot, c.signum() < 0 ? -magnitude : magnitude);
        return Status.OK;
    }

    private static Status finishTrend(Pairs pairs, ReadPoint at, Row out, int slot) {
        BigInteger x = pairs.spread(pairs.x, pairs.squaresX, 0);
        if (pairs.count <= 0 || x.signum() <= 0) {
            return Status.NULL;
        }
        if (!pairs.nonFinite.isNone()) {
            out.setDouble(slot, Double.NaN);
            return Status.OK;
        }
        out.setDouble(slot, ExactRatio.toDouble(pairs.common().multiply(MILLIS_PER_SECOND), x, pairs.unitY()));
        return Status.OK;
    }

    @Override
    public String key() {
        return by == null ? "trend(" + of + ")" : "pairs(" + of + ", " + by + ")";
    }

    @Override
    public int width() {
        return by == null ? 1 : 2;
    }

    @Override
    public Class<Pairs> type() {
        return Pairs.class;
    }

    @Override
    public Pairs create() {
        return new Pairs(this);
    }

    @Override
    public Pairs decode(ByteReader in) {
        Pairs pairs = create();
        pairs.decode(in);
        return pairs;
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
        return of == ColumnType.INT64 && by != ColumnType.FLOAT64 ? Promise.EXACT : Promise.REPRODUCIBLE;
    }

    @Override
    public int typicalBytes() {
        return by == null ? 40 : 70;
    }

    static final class Pairs implements Accumulator<Pairs> {
        private final PairsPartial partial;
        private long count;
        private NonFinite nonFinite = new NonFinite();
        private ExactSum x = new ExactSum();
        private ExactSum squaresX = new ExactSum();
        private ExactSum y = new ExactSum();
        private ExactSum squaresY = new ExactSum();
        private ExactSum products = new ExactSum();

        private Pairs(PairsPartial partial) {
            this.partial = partial;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            count(values, slot, eventTime, 1);
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            count(values, slot, eventTime, -1);
        }

        private void count(Row values, int slot, long eventTime, int times) {
            count += times;
            boolean negative = times < 0;
            boolean doubleY = partial.of == ColumnType.FLOAT64;
            if (partial.by == ColumnType.FLOAT64) {
                double valueX = values.getDouble(slot + 1);
                if (takesNonFinite(values, slot, valueX, times)) {
                    return;
                }
                addX(valueX, negative);
                if (doubleY) {
                    products.addProduct(valueX, values.getDouble(slot), negative);
                } else {
                    products.addProduct(values.getLong(slot), valueX, negative);
                }
            } else {
                long valueX = partial.by == null ? eventTime : values.getLong(slot + 1);
                if (takesNonFinite(values, slot, 0, times)) {
                    addTime(valueX, negative);
                    return;
                }
                addX(valueX, negative);
                if (doubleY) {
                    products.addProduct(valueX, values.getDouble(slot), negative);
                } else {
                    products.addProduct(valueX, values.getLong(slot), negative);
                }
            }
            addY(values, slot, negative);
        }

        /** Two event times are two, whatever stands there. */
        private void addTime(long time, boolean negative) {
            if (partial.by == null) {
                addX(time, negative);
            }
        }

        private boolean takesNonFinite(Row values, int slot, double valueX, int times) {
            double valueY = partial.of == ColumnType.FLOAT64 ? values.getDouble(slot) : 0;
            return nonFinite.takes(valueX, times) || nonFinite.takes(valueY, times);
        }

        private void addX(long value, boolean negative) {
            x.addPower(value, 1, negative);
            squaresX.addSquare(value, negative);
        }

        private void addX(double value, boolean negative) {
            x.addPower(value, 1, negative);
            squaresX.addSquare(value, negative);
        }

        private void addY(Row values, int slot, boolean negative) {
            boolean squares = partial.by != null;
            if (partial.of == ColumnType.FLOAT64) {
                y.addPower(values.getDouble(slot), 1, negative);
                if (squares) {
                    squaresY.addSquare(values.getDouble(slot), negative);
                }
            } else {
                y.addPower(values.getLong(slot), 1, negative);
                if (squares) {
                    squaresY.addSquare(values.getLong(slot), negative);
                }
            }
        }

        @Override
        public void merge(Pairs other) {
            count += other.count;
            nonFinite.merge(other.nonFinite);
            List<ExactSum> theirs = other.sums();
            List<ExactSum> mine = sums();
            for (int i = 0; i < mine.size(); i++) {
                mine.get(i).merge(theirs.get(i));
            }
        }

        private List<ExactSum> sums() {
            return List.of(x, squaresX, y, products, squaresY);
        }

        @Override
        public void subtract(Pairs other) {
            count -= other.count;
            nonFinite.subtract(other.nonFinite);
            List<ExactSum> theirs = other.sums();
            List<ExactSum> mine = sums();
            for (int i = 0; i < mine.size(); i++) {
                mine.get(i).subtract(theirs.get(i));
            }
        }

        @Override
        public boolean isIdentity() {
            return count == 0 && nonFinite.isNone() && sums().stream().allMatch(ExactSum::isZero);
        }

        /** The power of two that whole x have. */
        private int unitX() {
            return Math.min(Math.min(x.scale(), Math.floorDiv(squaresX.scale(), 2)), crossUnit());
        }

        private int unitY() {
            return Math.min(Math.min(y.scale(), Math.floorDiv(squaresY.scale(), 2)), crossUnit());
        }

        /** So that a product of two units is none that the products do not have; time is always whole. */
        private int crossUnit() {
            return partial.by == null ? products.scale() : Math.floorDiv(products.scale(), 2);
        }

        private BigInteger spread(ExactSum sum, ExactSum squares, int unit) {
            BigInteger whole = scaled(sum, unit);
            return scaled(squares, 2 * unit).multiply(BigInteger.valueOf(count)).subtract(whole.pow(2));
        }

        private BigInteger common() {
            int unit = partial.by == null ? 0 : unitX();
            return scaled(products, unit + unitY())
                    .multiply(BigInteger.valueOf(count))
                    .subtract(scaled(x, unit).multiply(scaled(y, unitY())));
        }

        private static BigInteger scaled(ExactSum sum, int unit) {
            return sum.scaled().shiftLeft(sum.scale() - unit);
        }

        /** The count, its lowest bit telling whether counts of what is not finite follow; then the sums. */
        @Override
        public void encode(ByteWriter out) {
            boolean finite = nonFinite.isNone();
            out.writeSigned((count << 1) | (finite ? 0 : 1));
            if (!finite) {
                nonFinite.encode(out);
            }
            for (ExactSum sum : sums()) {
                if (partial.by != null || sum != squaresY) {
                    sum.encode(out);
                }
            }
        }

        private void decode(ByteReader in) {
            long header = in.readSigned();
            count = header >> 1;
            if ((header & 1) != 0) {
                nonFinite = NonFinite.decode(in);
            }
            x = ExactSum.decode(in);
            squaresX = ExactSum.decode(in);
            y = ExactSum.decode(in);
            products = ExactSum.decode(in);
            if (partial.by != null) {
                squaresY = ExactSum.decode(in);
            }
        }

        @Override
        public String describe() {
            return "count " + count + ", "
                    + (nonFinite.isNone() ? "sums " + x + " and " + y + ", of products " + products : "not all finite");
        }
    }
}
