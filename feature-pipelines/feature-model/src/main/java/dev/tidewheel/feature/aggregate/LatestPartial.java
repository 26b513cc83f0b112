package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/**
 * A column of the row that a stream of changes ends with: what makes a view a lookup table. Beside {@code last} it knows
 * two things more. A null is a value that replaces the one before. And a row may be taken away: then there is none.
 *
 * <p>With e the latest event time of any change that counts, the row is the one of the addition with the greatest id at e,
 * if at e more rows were added than taken away; else there is none. So a delete ({@code −old}) leaves nothing, whether or
 * not it bears the id of what it deletes; a correction ({@code −old +new}) leaves the new row, whether or not its event
 * time is that of the old one. What was before the latest event time never comes back: not the row before a deleted one,
 * and not a row whose event time a correction moved back. The event time must be that of the change.
 *
 * @param input any type; its value stands behind a slot that is true, and may be null
 */
record LatestPartial(ColumnType input) implements Partial<LatestPartial.Latest> {

    static BoundAggregate<Latest> bind(Operands operands, Parameters parameters) {
        ColumnType type = operands.input();
        return new BoundAggregate<>(new LatestPartial(type), type, Latest::finish);
    }

    @Override
    public String key() {
        return "latest(" + input + ")";
    }

    @Override
    public int width() {
        return 2;
    }

    @Override
    public boolean takesNulls() {
        return true;
    }

    @Override
    public Class<Latest> type() {
        return Latest.class;
    }

    @Override
    public Latest create() {
        return new Latest(input);
    }

    @Override
    public Latest decode(ByteReader in) {
        Latest latest = create();
        latest.decode(in);
        return latest;
    }

    @Override
    public boolean retracts() {
        return true;
    }

    @Override
    public boolean undoes() {
        return false;
    }

    @Override
    public Promise promise() {
        return Promise.EXACT;
    }

    @Override
    public int typicalBytes() {
        return 14 + (input == ColumnType.FLOAT64 ? 8 : input.isText() ? 12 : 2);
    }

    /** What happened at the latest event time. */
    static final class Latest implements Accumulator<Latest> {
        private static final int HAS_ROW = 1;
        private static final int HAS_VALUE = 2;
        private static final EventId NO_ID = EventId.of(0);

        private final Scalar value;
        private boolean started;
        private long eventTime;
        private long rows; // added less taken away
        private boolean hasRow; // an addition, that of the greatest id
        private boolean hasValue;
        private EventId id = NO_ID;

        private Latest(ColumnType input) {
            value = new Scalar(input);
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            if (reaches(eventTime)) {
                rows++;
                if (wins(id)) {
                    take(id, !values.isNull(slot + 1));
                    if (hasValue) {
                        value.set(values, slot + 1);
                    }
                }
            }
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            if (reaches(eventTime)) {
                rows--;
            }
        }

        @Override
        public void merge(Latest other) {
            if (other.started && reaches(other.eventTime)) {
                rows += other.rows;
                if (other.hasRow && wins(other.id)) {
                    take(other.id, other.hasValue);
                    value.set(other.value);
                }
            }
        }

        /** Whether something at a time counts; what was before a later time no longer does. */
        private boolean reaches(long offered) {
            if (!started || offered > eventTime) {
                started = true;
                eventTime = offered;
                rows = 0;
                hasRow = false;
                hasValue = false;
                id = NO_ID;
            }
            return offered == eventTime;
        }

        private boolean wins(EventId offered) {
            return !hasRow || offered.compareTo(id) > 0;
        }

        private void take(EventId newId, boolean newHasValue) {
            hasRow = true;
            id = newId;
            hasValue = newHasValue;
        }

        private Status finish(ReadPoint at, Row out, int slot) {
            if (rows <= 0 || !hasRow || !hasValue) {
                return Status.NULL;
            }
            value.copyTo(out, slot);
            return Status.OK;
        }

        @Override
        public boolean isIdentity() {
            return !started;
        }

        @Override
        public void encode(ByteWriter out) {
            out.writeSigned(eventTime);
            out.writeSigned(rows);
            out.writeByte((hasRow ? HAS_ROW : 0) | (hasValue ? HAS_VALUE : 0));
            if (hasRow) {
                id.encode(out);
            }
            if (hasValue) {
                value.encode(out);
            }
        }

        private void decode(ByteReader in) {
            started = true;
            eventTime = in.readSigned();
            rows = in.readSigned();
            int holds = in.readByte();
            hasRow = (holds & HAS_ROW) != 0;
            hasValue = (holds & HAS_VALUE) != 0;
            if (hasValue && !hasRow) {
                throw new IllegalArgumentException("a latest value without its row");
            }
            if (hasRow) {
                id = EventId.decode(in);
            }
            if (hasValue) {
                value.decode(in);
            }
        }

        @Override
        public String describe() {
            if (!started) {
                return "nothing";
            }
            String when = " at " + java.time.Instant.ofEpochMilli(eventTime);
            return rows <= 0 || !hasRow
                    ? "taken away" + when
                    : (hasValue ? value.toString() : "null") + when + " by " + id;
        }
    }
}
