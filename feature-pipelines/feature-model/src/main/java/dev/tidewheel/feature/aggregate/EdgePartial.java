package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/**
 * The value of the first or the last event, by (eventTime, id); the order of arrival never decides. Events whose value is
 * null do not count: it is the last value that there is. Does not retract: what came before is not kept.
 *
 * @param input any type
 * @param last last, not first
 */
record EdgePartial(ColumnType input, boolean last) implements Partial<EdgePartial.Edge> {

    static BoundAggregate<Edge> first(Operands input, Parameters parameters) {
        return new EdgePartial(input.input(), false).bind();
    }

    static BoundAggregate<Edge> last(Operands input, Parameters parameters) {
        return new EdgePartial(input.input(), true).bind();
    }

    private BoundAggregate<Edge> bind() {
        return new BoundAggregate<>(this, input, (edge, at, out, slot) -> {
            if (!edge.present) {
                return Status.NULL;
            }
            edge.value.copyTo(out, slot);
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return (last ? "last(" : "first(") + input + ")";
    }

    @Override
    public Class<Edge> type() {
        return Edge.class;
    }

    @Override
    public Edge create() {
        return new Edge(this);
    }

    @Override
    public Edge decode(ByteReader in) {
        Edge edge = create();
        edge.eventTime = in.readSigned();
        edge.id = EventId.decode(in);
        edge.value.decode(in);
        edge.present = true;
        return edge;
    }

    @Override
    public boolean retracts() {
        return false;
    }

    @Override
    public Promise promise() {
        return Promise.EXACT;
    }

    @Override
    public int typicalBytes() {
        return 12 + (input == ColumnType.FLOAT64 ? 8 : input.isText() ? 12 : 2);
    }

    static final class Edge implements Accumulator<Edge> {
        private static final EventId NO_ID = EventId.of(0);

        private final boolean last;
        private final Scalar value;
        private boolean present;
        private long eventTime;
        private EventId id = NO_ID;

        private Edge(EdgePartial partial) {
            last = partial.last;
            value = new Scalar(partial.input);
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            if (wins(eventTime, id)) {
                take(eventTime, id);
                value.set(values, slot);
            }
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            throw new UnsupportedOperationException("first and last do not retract");
        }

        @Override
        public void merge(Edge other) {
            if (other.present && wins(other.eventTime, other.id)) {
                take(other.eventTime, other.id);
                value.set(other.value);
            }
        }

        private boolean wins(long offeredTime, EventId offeredId) {
            if (!present) {
                return true;
            }
            int order = Long.compare(offeredTime, eventTime);
            int total = order != 0 ? order : offeredId.compareTo(id);
            return last ? total > 0 : total < 0;
        }

        private void take(long newTime, EventId newId) {
            present = true;
            eventTime = newTime;
            id = newId;
        }

        @Override
        public boolean isIdentity() {
            return !present;
        }

        /** Only ever called for an accumulator that is not the identity. */
        @Override
        public void encode(ByteWriter out) {
            out.writeSigned(eventTime);
            id.encode(out);
            value.encode(out);
        }

        @Override
        public String describe() {
            return present ? value + " at " + java.time.Instant.ofEpochMilli(eventTime) + " by " + id : "nothing";
        }
    }
}
