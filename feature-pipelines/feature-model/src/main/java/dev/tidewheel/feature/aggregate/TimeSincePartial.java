package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/**
 * The greatest event time: for the milliseconds from there to the read. Beyond 64 bits null with status OVERFLOW. Does not
 * retract: what came before is not kept.
 */
record TimeSincePartial() implements Partial<TimeSincePartial.Latest> {

    static BoundAggregate<Latest> bind(Operands input, Parameters parameters) {
        return new BoundAggregate<>(new TimeSincePartial(), ColumnType.INT64, (latest, at, out, slot) -> {
            if (!latest.present) {
                return Status.NULL;
            }
            long since = at.t() - latest.eventTime;
            if (((at.t() ^ latest.eventTime) & (at.t() ^ since)) < 0) {
                return Status.OVERFLOW;
            }
            out.setLong(slot, since);
            return Status.OK;
        });
    }

    @Override
    public String key() {
        return "latest";
    }

    @Override
    public Class<Latest> type() {
        return Latest.class;
    }

    @Override
    public Latest create() {
        return new Latest();
    }

    @Override
    public Latest decode(ByteReader in) {
        Latest latest = new Latest();
        latest.offer(in.readSigned());
        return latest;
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
        return 6;
    }

    static final class Latest implements Accumulator<Latest> {
        private boolean present;
        private long eventTime;

        @Override
        public void add(Row values, int slot, long time, EventId id) {
            offer(time);
        }

        @Override
        public void retract(Row values, int slot, long time, EventId id) {
            throw new UnsupportedOperationException("time_since_last does not retract");
        }

        @Override
        public void merge(Latest other) {
            if (other.present) {
                offer(other.eventTime);
            }
        }

        private void offer(long time) {
            eventTime = present ? Math.max(eventTime, time) : time;
            present = true;
        }

        @Override
        public boolean isIdentity() {
            return !present;
        }

        /** Only ever called for an accumulator that is not the identity. */
        @Override
        public void encode(ByteWriter out) {
            out.writeSigned(eventTime);
        }

        @Override
        public String describe() {
            return present ? "last at " + java.time.Instant.ofEpochMilli(eventTime) : "nothing";
        }
    }
}
