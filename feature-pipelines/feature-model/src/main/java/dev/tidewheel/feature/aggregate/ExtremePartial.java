package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/**
 * The smallest or the greatest value. Strings compare by UTF-16 unit, false is below true, −0.0 below 0.0; a NaN among
 * doubles makes the result NaN, as {@link Math#min} does. Does not retract: what was second is not kept.
 *
 * @param input any type
 * @param greatest max, not min
 */
record ExtremePartial(ColumnType input, boolean greatest) implements Partial<ExtremePartial.Extreme> {

    static BoundAggregate<Extreme> min(Operands input, Parameters parameters) {
        return new ExtremePartial(input.input(), false).bind();
    }

    static BoundAggregate<Extreme> max(Operands input, Parameters parameters) {
        return new ExtremePartial(input.input(), true).bind();
    }

    private BoundAggregate<Extreme> bind() {
        return new BoundAggregate<>(this, input, (extreme, at, out, slot) -> {
            if (!extreme.present) {
                return Status.NULL;
            }
            extreme.value.copyTo(out, slot);
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return (greatest ? "max(" : "min(") + input + ")";
    }

    @Override
    public Class<Extreme> type() {
        return Extreme.class;
    }

    @Override
    public Extreme create() {
        return new Extreme(this);
    }

    @Override
    public Extreme decode(ByteReader in) {
        Extreme extreme = create();
        extreme.value.decode(in);
        extreme.present = true;
        return extreme;
    }

    @Override
    public void skip(ByteReader in) {
        Scalar.skip(input, in);
    }

    @Override
    public int numbers() {
        return Scalar.isNumber(input) ? 1 : 0;
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
        return input == ColumnType.FLOAT64 ? 8 : input.isText() ? 12 : 3;
    }

    static final class Extreme implements Accumulator<Extreme> {
        private final boolean greatest;
        private final Scalar value;
        private boolean present;

        private Extreme(ExtremePartial partial) {
            greatest = partial.greatest;
            value = new Scalar(partial.input);
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            offer(Scalar.of(value.type(), values, slot));
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            throw new UnsupportedOperationException("min and max do not retract");
        }

        @Override
        public void merge(Extreme other) {
            if (other.present) {
                offer(other.value);
            }
        }

        private void offer(Scalar offered) {
            if (!present || beats(offered)) {
                value.set(offered);
                present = true;
            }
        }

        private boolean beats(Scalar offered) {
            if (value.isNaN() || offered.isNaN()) {
                return offered.isNaN();
            }
            int order = offered.compareTo(value);
            return greatest ? order > 0 : order < 0;
        }

        @Override
        public boolean isIdentity() {
            return !present;
        }

        /** Only ever called for an accumulator that is not the identity. */
        @Override
        public void encode(ByteWriter out) {
            value.encode(out);
        }

        @Override
        public String describe() {
            return present ? (greatest ? "max " : "min ") + value : "nothing";
        }
    }
}
