package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/**
 * How many different values, exactly, with a count for each so that it retracts. More than {@code limit} values ever seen
 * in a window, retracted ones too, give null with status TRUNCATED: so the bound holds in any order. All NaNs are one
 * value; 0.0 and −0.0 are one value.
 *
 * @param input any type
 * @param limit how many values are kept at most
 */
record DistinctPartial(ColumnType input, int limit) implements Partial<DistinctPartial.Distinct> {
    static final Parameter LIMIT =
            Parameter.whole("limit", "how many different values are counted at most", 1_000, 1, 1_000_000);

    static BoundAggregate<Distinct> bind(Operands input, Parameters parameters) {
        int limit = parameters.whole("limit");
        DistinctPartial partial = new DistinctPartial(input.input(), limit);
        return new BoundAggregate<>(partial, ColumnType.INT64, (distinct, at, out, slot) -> {
            if (distinct.truncated) {
                return Status.TRUNCATED;
            }
            out.setLong(slot, distinct.present());
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return "distinct(" + input + ", " + limit + ")";
    }

    @Override
    public Class<Distinct> type() {
        return Distinct.class;
    }

    @Override
    public Distinct create() {
        return new Distinct(this);
    }

    @Override
    public Distinct decode(ByteReader in) {
        Distinct distinct = create();
        distinct.decode(in);
        return distinct;
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
        return 8 * Math.min(limit, 64);
    }

    @Override
    public long mostBytes() {
        return 3 + limit * (Scalar.mostBytes(input) + 2L);
    }

    static final class Distinct implements Accumulator<Distinct> {
        private final int limit;
        private final ValueTally values; // a value stays when its count comes back to 0
        private boolean truncated;

        private Distinct(DistinctPartial partial) {
            limit = partial.limit;
            values = new ValueTally(partial.input);
        }

        @Override
        public void add(Row row, int slot, long eventTime, EventId id) {
            count(row, slot, 1);
        }

        @Override
        public void retract(Row row, int slot, long eventTime, EventId id) {
            count(row, slot, -1);
        }

        private void count(Row row, int slot, long times) {
            if (!truncated && values.count(row, slot, times)) {
                truncateBeyondLimit();
            }
        }

        @Override
        public void merge(Distinct other) {
            if (other.truncated) {
                truncate();
            } else if (!truncated) {
                values.merge(other.values);
                truncateBeyondLimit();
            }
        }

        private void truncateBeyondLimit() {
            if (values.size() > limit) {
                truncate();
            }
        }

        private void truncate() {
            truncated = true;
            values.clear();
        }

        private long present() {
            long present = 0;
            for (int i = 0; i < values.size(); i++) {
                present += values.count(i) > 0 ? 1 : 0;
            }
            return present;
        }

        @Override
        public boolean isIdentity() {
            return !truncated && values.size() == 0;
        }

        /** 0 if truncated, else the number of values + 1; then each value, ascending, with its count. */
        @Override
        public void encode(ByteWriter out) {
            out.writeUnsigned(truncated ? 0 : values.size() + 1);
            values.encode(out);
        }

        private void decode(ByteReader in) {
            long header = in.readUnsigned();
            truncated = header == 0;
            if (header < 0 || header > limit + 1L) {
                throw new IllegalArgumentException(
                        "more than " + limit + " values: " + Long.toUnsignedString(header - 1));
            }
            values.decode(header - 1, in);
        }

        @Override
        public String describe() {
            return truncated ? "more than " + limit + " values" : present() + " values";
        }
    }
}
