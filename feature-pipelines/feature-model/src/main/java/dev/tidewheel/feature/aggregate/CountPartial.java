package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/** How many values are not null; NaN counts. A count below 0 (retractions without their additions) is told as it is. */
record CountPartial() implements Partial<CountPartial.Count> {

    static BoundAggregate<Count> count(Operands input, Parameters parameters) {
        return new BoundAggregate<>(new CountPartial(), ColumnType.INT64, (count, at, out, slot) -> {
            out.setLong(slot, count.value);
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
    public boolean retracts() {
        return true;
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
