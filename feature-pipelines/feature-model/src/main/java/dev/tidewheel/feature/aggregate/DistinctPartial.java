package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many different values, exactly, with a count for each so that it retracts. More than {@code limit} values ever seen
 * in a window, retracted ones too, give null with status TRUNCATED: so the bound holds in any order. All NaNs are one
 * value; 0.0 and −0.0 are one value.
 *
 * @param input any type
 * @param limit how many values are kept at most
 */
record DistinctPartial(ColumnType input, int limit) implements Partial<DistinctPartial.Distinct> {
    static final List<Parameter> PARAMETERS = List.of(new Parameter("limit", 1_000, 1, 1_000_000, true));

    static BoundAggregate<Distinct> bind(Optional<ColumnType> input, Map<String, Double> parameters) {
        int limit = parameters.getOrDefault("limit", 0.0).intValue();
        DistinctPartial partial = new DistinctPartial(Inputs.any("distinct", input), limit);
        return new BoundAggregate<>(partial, ColumnType.INT64, (distinct, out, slot) -> {
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
        int header = in.readLength();
        distinct.truncated = header == 0;
        for (int i = 1; i < header; i++) {
            Object value = input == ColumnType.STRING ? in.readString() : (Object) in.readSigned();
            distinct.count(value, in.readSigned());
        }
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
        private final Map<Object, Long> counts = new HashMap<>();
        private boolean truncated;

        private Distinct(DistinctPartial partial) {
            input = partial.input;
            limit = partial.limit;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            count(value(values, slot), 1);
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            count(value(values, slot), -1);
        }

        @Override
        public void merge(Distinct other) {
            if (other.truncated) {
                truncate();
            }
            other.counts.forEach(this::count);
        }

        private void count(Object value, long times) {
            if (truncated) {
                return;
            }
            counts.merge(value, times, Long::sum);
            if (counts.size() > limit) {
                truncate();
            }
        }

        private void truncate() {
            truncated = true;
            counts.clear();
        }

        private long present() {
            return counts.values().stream().filter(count -> count > 0).count();
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

        @Override
        public boolean isIdentity() {
            return !truncated && counts.isEmpty();
        }

        /** 0 if truncated, else the number of values + 1; then each value, in order, with its count. */
        @Override
        public void encode(ByteWriter out) {
            out.writeUnsigned(truncated ? 0 : counts.size() + 1);
            if (input == ColumnType.STRING) {
                encodeStrings(out);
            } else {
                encodeWords(out);
            }
        }

        private void encodeStrings(ByteWriter out) {
            List<String> values = new ArrayList<>(counts.size());
            counts.keySet().forEach(value -> values.add((String) value));
            values.sort(null);
            values.forEach(value -> {
                out.writeString(value);
                out.writeSigned(counts.getOrDefault(value, 0L));
            });
        }

        private void encodeWords(ByteWriter out) {
            long[] values = counts.keySet().stream()
                    .mapToLong(value -> (Long) value)
                    .sorted()
                    .toArray();
            for (long value : values) {
                out.writeSigned(value);
                out.writeSigned(counts.getOrDefault(value, 0L));
            }
        }

        @Override
        public String describe() {
            return truncated ? "more than " + limit + " values" : present() + " values";
        }
    }
}
