package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/**
 * Two exact sums over the rows that have both values: for their ratio, sum(of)/sum(by), exact and rounded once. Null where
 * the denominator is 0. Where a sum is not finite the quotient is the one of IEEE 754: 1/∞ is 0.0, ∞/∞ is NaN.
 *
 * @param numerator the partial of {@code of}
 * @param denominator the partial of {@code by}
 */
record RatioPartial(SumPartial numerator, SumPartial denominator) implements Partial<RatioPartial.Ratio> {

    static BoundAggregate<Ratio> bind(Operands input, Parameters parameters) {
        RatioPartial partial = new RatioPartial(
                new SumPartial(input.input()), new SumPartial(input.by().orElseThrow()));
        return new BoundAggregate<>(partial, ColumnType.FLOAT64, RatioPartial::finish);
    }

    private static Status finish(Ratio ratio, ReadPoint at, Row out, int slot) {
        if (ratio.numerator.count() <= 0 || ratio.denominator.isNought()) {
            return Status.NULL;
        }
        out.setDouble(slot, ratio.numerator.dividedBy(ratio.denominator));
        return Status.OK;
    }

    @Override
    public String key() {
        return "ratio(" + numerator.input() + ", " + denominator.input() + ")";
    }

    @Override
    public int width() {
        return 2;
    }

    @Override
    public Class<Ratio> type() {
        return Ratio.class;
    }

    @Override
    public Ratio create() {
        return new Ratio(numerator.create(), denominator.create());
    }

    @Override
    public Ratio decode(ByteReader in) {
        return new Ratio(numerator.decode(in), denominator.decode(in));
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
        boolean exact = numerator.promise() == Promise.EXACT && denominator.promise() == Promise.EXACT;
        return exact ? Promise.EXACT : Promise.REPRODUCIBLE;
    }

    @Override
    public int typicalBytes() {
        return numerator.typicalBytes() + denominator.typicalBytes();
    }

    static final class Ratio implements Accumulator<Ratio> {
        private final SumPartial.Sum numerator;
        private final SumPartial.Sum denominator;

        private Ratio(SumPartial.Sum numerator, SumPartial.Sum denominator) {
            this.numerator = numerator;
            this.denominator = denominator;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            numerator.add(values, slot, eventTime, id);
            denominator.add(values, slot + 1, eventTime, id);
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            numerator.retract(values, slot, eventTime, id);
            denominator.retract(values, slot + 1, eventTime, id);
        }

        @Override
        public void merge(Ratio other) {
            numerator.merge(other.numerator);
            denominator.merge(other.denominator);
        }

        @Override
        public void subtract(Ratio other) {
            numerator.subtract(other.numerator);
            denominator.subtract(other.denominator);
        }

        @Override
        public boolean isIdentity() {
            return numerator.isIdentity() && denominator.isIdentity();
        }

        @Override
        public void encode(ByteWriter out) {
            numerator.encode(out);
            denominator.encode(out);
        }

        @Override
        public String describe() {
            return numerator.describe() + " over " + denominator.describe();
        }
    }
}
