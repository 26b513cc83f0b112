package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.Arrays;
import java.util.Comparator;

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

    private static final Comparator<Object> BY_TEXT = (left, right) -> ((String) left).compareTo((String) right);
    private static final Comparator<Object> BY_WORD = (left, right) -> Long.compare((Long) left, (Long) right);

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
    public Promise promise() {
        return Promise.EXACT;
    }

    @Override
    public int typicalBytes() {
        return 8 * Math.min(limit, 64);
    }

    static final class Distinct implements Accumulator<Distinct> {
        private final ColumnType input;
        private final int limit;
        private final Comparator<Object> order;
        private Object[] values = new Object[4]; // ascending; a value stays when its count comes back to 0
        private long[] counts = new long[4];
        private int size;
        private boolean truncated;

        private Distinct(DistinctPartial partial) {
            input = partial.input;
            limit = partial.limit;
            order = input.isText() ? BY_TEXT : BY_WORD;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            count(value(values, slot), 1);
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            count(value(values, slot), -1);
        }

        private Object value(Row values, int slot) {
            String text = values.getString(slot);
            if (text != null) {
                return text;
            }
            return input == ColumnType.FLOAT64
                    ? Double.doubleToLongBits(values.getDouble(slot) + 0.0) // −0.0 + 0.0 is 0.0
                    : values.getLong(slot);
        }

        private void count(Object value, long times) {
            if (truncated) {
                return;
            }
            int at = Arrays.binarySearch(values, 0, size, value, order);
            if (at >= 0) {
                counts[at] += times;
            } else if (size == limit) {
                truncate();
            } else {
                insert(~at, value, times);
            }
        }

        private void insert(int at, Object value, long times) {
            reserve(size + 1);
            System.arraycopy(values, at, values, at + 1, size - at);
            System.arraycopy(counts, at, counts, at + 1, size - at);
            values[at] = value;
            counts[at] = times;
            size++;
        }

        private void reserve(int capacity) {
            if (capacity > values.length) {
                int wider = Math.max(Math.max(4, capacity), values.length * 2);
                values = Arrays.copyOf(values, wider);
                counts = Arrays.copyOf(counts, wider);
            }
        }

        @Override
        public void merge(Distinct other) {
            if (truncated || other.truncated) {
                truncate();
                return;
            }
            Object[] mergedValues = new Object[size + other.size];
            long[] mergedCounts = new long[mergedValues.length];
            int merged = 0;
            int mine = 0;
            int theirs = 0;
            while (mine < size || theirs < other.size) {
                int side = side(mine, other, theirs);
                mergedValues[merged] = side <= 0 ? values[mine] : other.values[theirs];
                mergedCounts[merged++] = (side <= 0 ? counts[mine++] : 0) + (side >= 0 ? other.counts[theirs++] : 0);
            }
            values = mergedValues;
            counts = mergedCounts;
            size = merged;
            if (size > limit) {
                truncate();
            }
        }

        /** Which of two next values comes first: negative for mine, positive for theirs, 0 if they are equal. */
        private int side(int mine, Distinct other, int theirs) {
            if (mine == size) {
                return 1;
            }
            return theirs == other.size ? -1 : order.compare(values[mine], other.values[theirs]);
        }

        private void truncate() {
            truncated = true;
            values = new Object[0];
            counts = new long[0];
            size = 0;
        }

        private long present() {
            long present = 0;
            for (int i = 0; i < size; i++) {
                present += counts[i] > 0 ? 1 : 0;
            }
            return present;
        }

        @Override
        public boolean isIdentity() {
            return !truncated && size == 0;
        }

        /** 0 if truncated, else the number of values + 1; then each value, ascending, with its count. */
        @Override
        public void encode(ByteWriter out) {
            out.writeUnsigned(truncated ? 0 : size + 1);
            for (int i = 0; i < size; i++) {
                if (values[i] instanceof String text) {
                    out.writeString(text);
                } else {
                    out.writeSigned((Long) values[i]);
                }
                out.writeSigned(counts[i]);
            }
        }

        private void decode(ByteReader in) {
            long header = in.readUnsigned();
            truncated = header == 0;
            if (header < 0 || header > limit + 1L) {
                throw new IllegalArgumentException(
                        "more than " + limit + " values: " + Long.toUnsignedString(header - 1));
            }
            for (long i = 1; i < header; i++) {
                Object value = input.isText() ? in.readString() : (Object) in.readSigned();
                if (size > 0 && order.compare(values[size - 1], value) >= 0) {
                    throw new IllegalArgumentException("distinct values do not ascend: " + value);
                }
                insert(size, value, in.readSigned());
            }
        }

        @Override
        public String describe() {
            return truncated ? "more than " + limit + " values" : present() + " values";
        }
    }
}
