package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/**
 * About how many different values, by {@link Registers}: the relative standard error is 1.04/√2<sup>precision</sup>, and
 * equal sets have equal bits in any order. All NaNs are one value; 0.0 and −0.0 are one value. Does not retract: a register
 * does not know what came second.
 *
 * @param input any type
 * @param precision how many bits of the hash name a register
 */
record ApproxDistinctPartial(ColumnType input, int precision) implements Partial<ApproxDistinctPartial.Distinct> {
    static final Parameter PRECISION = Parameter.whole(
            "precision", "2^precision registers: the relative standard error is 1.04/sqrt(2^precision)", 12, 4, 16);

    static BoundAggregate<Distinct> bind(Operands input, Parameters parameters) {
        ApproxDistinctPartial partial = new ApproxDistinctPartial(input.input(), parameters.whole("precision"));
        return new BoundAggregate<>(partial, ColumnType.INT64, (distinct, at, out, slot) -> {
            out.setLong(slot, distinct.registers.estimate());
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return "hll(" + input + ", " + precision + ")";
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
        distinct.registers.decode(in);
        return distinct;
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
        return Promise.EXACT;
    }

    @Override
    public int typicalBytes() {
        return Math.min((1 << precision) * 3 / 4, 2 * 64);
    }

    @Override
    public long mostBytes() {
        return 3 + (1L << precision) * 3 / 4;
    }

    static final class Distinct implements Accumulator<Distinct> {
        private final ColumnType input;
        private final Registers registers;

        private Distinct(ApproxDistinctPartial partial) {
            input = partial.input;
            registers = new Registers(partial.precision);
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            String text = values.getString(slot);
            registers.add(text == null ? Hash64.of(Words.of(input, values, slot)) : Hash64.of(text));
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            throw new UnsupportedOperationException("approx_distinct does not retract");
        }

        @Override
        public void merge(Distinct other) {
            registers.merge(other.registers);
        }

        @Override
        public boolean isIdentity() {
            return registers.isEmpty();
        }

        @Override
        public void encode(ByteWriter out) {
            registers.encode(out);
        }

        @Override
        public String describe() {
            return "about " + registers.estimate() + " values";
        }
    }
}
