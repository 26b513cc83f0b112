package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.math.BigInteger;

/** How many values are not null; NaN counts. A count below 0 (retractions without their additions) is told as it is. */
record CountPartial() implements Partial<CountPartial.Count> {
    private static final BigInteger MILLIS_PER_SECOND = BigInteger.valueOf(1_000);

    static BoundAggregate<Count> count(Operands input, Parameters parameters) {
        return new BoundAggregate<>(new CountPartial(), ColumnType.INT64, (count, at, out, slot) -> {
            out.setLong(slot, count.value);
            return Status.OK;
        });
    }

    /** Per second of the time that the window covers, rounded once. */
    static BoundAggregate<Count> rate(Operands input, Parameters parameters) {
        return new BoundAggregate<>(new CountPartial(), ColumnType.FLOAT64, (count, at, out, slot) -> {
            BigInteger covered = BigInteger.valueOf(at.to()).subtract(BigInteger.valueOf(at.from()));
            if (covered.signum() <= 0) {
                return Status.NULL;
            }
            BigInteger values = BigInteger.valueOf(count.value);
            out.setDouble(slot, ExactRatio.toDouble(values.multiply(MILLIS_PER_SECOND), covered, 0));
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return "count";
    }

    @Override
    public Class<Count> type() {
        return Count.class;
    }

    @Override
    public Count create() {
        return new Count();
    }

    @Override
    public Count decode(ByteReader in) {
        Count count = new Count();
        count.value = in.readSigned();
        return count;
    }

    @Override
    public int numbers() {
        return 1;
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
    public int terms() {
        return 1;
    }

    @Override
    public void readTerms(Row values, int slot, long[] into, int at) {
        into[at] = 1;
    }

    @Override
    public Count ofTerms(long[] terms, int at) {
        Count count = new Count();
        count.value = terms[at];
        return count;
    }

    @Override
    public Promise promise() {
        return Promise.EXACT;
    }

    @Override
    public int typicalBytes() {
        return 1;
    }

    static final class Count implements Accumulator<Count> {
        private long value;

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            value++;
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            value--;
        }

        @Override
        public void merge(Count other) {
            value += other.value;
        }

        @Override
        public void subtract(Count other) {
            value -= other.value;
        }

        @Override
        public boolean isIdentity() {
            return value == 0;
        }

        @Override
        public void encode(ByteWriter out) {
            out.writeSigned(value);
        }

        @Override
        public String describe() {
            return "count " + value;
        }
    }
}
