package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.aggregate.Promise;
import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import java.time.Instant;

/**
 * When the first and the last event of a tile happened: what a session is told by. Does not retract: what lay between is
 * not kept.
 */
record SpanPartial() implements Partial<SpanPartial.Span> {

    @Override
    public String key() {
        return "span";
    }

    @Override
    public Class<Span> type() {
        return Span.class;
    }

    @Override
    public Span create() {
        return new Span();
    }

    @Override
    public Span decode(ByteReader in) {
        Span span = create();
        span.first = in.readSigned();
        span.last = span.first + in.readUnsigned();
        if (span.isIdentity()) {
            throw new IllegalArgumentException("a tile's last event is before its first");
        }
        return span;
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
        return 9;
    }

    /** Two event times; the first behind the last as long as there is none. */
    static final class Span implements Accumulator<Span> {
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        long first() {
            return first;
        }

        long last() {
            return last;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            first = Math.min(first, eventTime);
            last = Math.max(last, eventTime);
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            throw new UnsupportedOperationException("sessions do not retract");
        }

        @Override
        public void merge(Span other) {
            first = Math.min(first, other.first);
            last = Math.max(last, other.last);
        }

        @Override
        public boolean isIdentity() {
            return first > last;
        }

        @Override
        public void encode(ByteWriter out) {
            out.writeSigned(first);
            out.writeUnsigned(last - first);
        }

        @Override
        public String describe() {
            return isIdentity() ? "nothing" : Instant.ofEpochMilli(first) + " to " + Instant.ofEpochMilli(last);
        }
    }
}
