package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The most frequent values with an estimate of how often each came: a summary of Misra and Gries,<sup>1</sup> merged as
 * Agarwal and others do.<sup>2</sup> It keeps so many counters; when there are more values, every counter is lowered by the
 * greatest that would be left out, and what reaches 0 is forgotten. So of n values, an estimate is never above the truth
 * and at most n/(counters + 1) below it, and a value that came more often than that is among the counters; as long as
 * there are not more different values than counters, every estimate is exact.
 *
 * <p>Which values are lowered depends on how tiles are merged: within the bound, not to the bit. Does not retract.
 *
 * <p><sup>1</sup> Misra, Gries, "Finding repeated elements", 1982. ² Agarwal, Cormode, Huang, Phillips, Wei, Yi, "Mergeable
 * summaries", 2012.
 *
 * @param input any type
 * @param counters how many values are kept at most
 */
record FrequentPartial(ColumnType input, int counters) implements Partial<FrequentPartial.Frequent> {
    static final Parameter COUNTERS = Parameter.whole(
            "counters",
            "how many values are counted: of n, an estimate is at most n/(counters + 1) low",
            256,
            1,
            100_000);

    static BoundAggregate<Frequent> bind(Operands input, Parameters parameters) {
        FrequentPartial partial = new FrequentPartial(input.input(), parameters.whole("counters"));
        int k = parameters.whole("k");
        return new BoundAggregate<>(partial, ColumnType.JSON, (frequent, at, out, slot) -> {
            if (frequent.isIdentity()) {
                return Status.NULL;
            }
            out.setString(slot, frequent.toJson(k));
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return "frequent(" + input + ", " + counters + ")";
    }

    @Override
    public Class<Frequent> type() {
        return Frequent.class;
    }

    @Override
    public Frequent create() {
        return new Frequent(this);
    }

    @Override
    public Frequent decode(ByteReader in) {
        Frequent frequent = create();
        frequent.decode(in);
        return frequent;
    }

    @Override
    public boolean retracts() {
        return false;
    }

    @Override
    public boolean readsIds() {
        return false;
    }

    @Override
    public Promise promise() {
        return Promise.BOUNDED;
    }

    @Override
    public int typicalBytes() {
        return (input.isText() ? 12 : 4) * Math.min(counters, 32);
    }

    @Override
    public long mostBytes() {
        return 3 + counters * (Scalar.mostBytes(input) + 3L);
    }

    static final class Frequent implements Accumulator<Frequent> {
        private final int counters;
        private final ValueTally values; // every count above 0
        private long count;

        private Frequent(FrequentPartial partial) {
            counters = partial.counters;
            values = new ValueTally(partial.input);
        }

        @Override
        public void add(Row row, int slot, long eventTime, EventId id) {
            count++;
            values.count(row, slot, 1);
            lower();
        }

        @Override
        public void retract(Row row, int slot, long eventTime, EventId id) {
            throw new UnsupportedOperationException("frequent does not retract");
        }

        @Override
        public void merge(Frequent other) {
            count += other.count;
            values.merge(other.values);
            lower();
        }

        private void lower() {
            int beyond = values.size() - counters;
            if (beyond > 0) {
                long[] ascending = IntStream.range(0, values.size())
                        .mapToLong(values::count)
                        .sorted()
                        .toArray();
                values.subtract(ascending[beyond - 1]);
            }
        }

        @Override
        public boolean isIdentity() {
            return count == 0;
        }

        private String toJson(int k) {
            JsonText text = new JsonText().open('[');
            IntStream.range(0, values.size())
                    .boxed()
                    .sorted(Comparator.comparingLong((Integer entry) -> -values.count(entry))
                            .thenComparing(values::compare))
                    .limit(k)
                    .forEach(entry -> {
                        text.open('[');
                        values.appendTo(text, entry);
                        text.number(values.count(entry)).close(']');
                    });
            return text.close(']').toString();
        }

        /** How many values came, how many are kept, each of them with its count. */
        @Override
        public void encode(ByteWriter out) {
            out.writeUnsigned(count);
            out.writeUnsigned(values.size());
            values.encode(out);
        }

        private void decode(ByteReader in) {
            count = in.readUnsigned();
            int kept = in.readLength();
            if (kept > counters) {
                throw new IllegalArgumentException("more than " + counters + " values: " + kept);
            }
            values.decode(kept, in);
        }

        @Override
        public String describe() {
            return count == 0 ? "nothing" : "count " + count + ", " + toJson(3);
        }
    }
}
