package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.aggregate.Promise;
import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowCodec;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Rows of one input in their total order, a bounded number of them: what windows are made of that no sum over tiles can
 * answer. Any aggregate is folded over them at read.
 *
 * <p>Two bounds keep equal sets equal in any order. {@link Bound#ALL_OR_NONE} counts every change, additions and
 * retractions alike, and keeps none once there were more than the limit. {@link Bound#GREATEST} keeps the greatest ones; an
 * addition never brings back what it displaced, so it does not retract.
 */
final class RowsPartial implements Partial<RowsPartial.Rows> {

    /** What happens beyond the limit. */
    enum Bound {
        ALL_OR_NONE,
        GREATEST
    }

    private final List<ColumnType> types;
    private final Bound bound;
    private final int limit;
    private final RowCodec codec;

    /**
     * @param types of the input's values
     * @param limit how many changes are kept
     */
    RowsPartial(List<ColumnType> types, Bound bound, int limit) {
        this.types = List.copyOf(types);
        this.bound = bound;
        this.limit = limit;
        List<Column> columns = new ArrayList<>();
        types.forEach(type -> columns.add(new Column("value" + columns.size(), type)));
        this.codec = new RowCodec(new RowSchema(columns));
    }

    Bound bound() {
        return bound;
    }

    int limit() {
        return limit;
    }

    @Override
    public String key() {
        return (bound == Bound.GREATEST ? "greatest " : "at most ") + limit + " rows" + types;
    }

    @Override
    public int width() {
        return types.size();
    }

    @Override
    public Class<Rows> type() {
        return Rows.class;
    }

    @Override
    public Rows create() {
        return new Rows(this);
    }

    @Override
    public Rows decode(ByteReader in) {
        Rows rows = create();
        rows.seen = in.readUnsigned();
        if (rows.seen < 1 || rows.seen > limit + 1L) {
            throw new IllegalArgumentException("a list of at most " + limit + " rows says that it saw " + rows.seen);
        }
        if (!rows.isTruncated()) {
            rows.decode(in);
        }
        return rows;
    }

    @Override
    public boolean retracts() {
        return bound == Bound.ALL_OR_NONE;
    }

    @Override
    public Promise promise() {
        return Promise.EXACT;
    }

    /** Of one row. */
    @Override
    public int typicalBytes() {
        int bytes = 1 + (types.size() + 7) / 8 + 3 + 5; // sign, presence, time since the row before, id
        for (ColumnType type : types) {
            bytes += RowProgram.typicalBytes(type);
        }
        return bytes;
    }

    /** A list of rows. */
    static final class Rows implements Accumulator<Rows> {
        private final RowsPartial partial;
        private final List<HeldRow> held = new ArrayList<>(); // ascending; empty if truncated
        private long seen; // at most one more than the limit; with GREATEST how many are held

        private Rows(RowsPartial partial) {
            this.partial = partial;
        }

        /** Whether there were more than can be kept, so that none is. */
        boolean isTruncated() {
            return seen > partial.limit;
        }

        /** How many changes it saw; one more than the limit for all beyond it. */
        long seen() {
            return seen;
        }

        /** Ascending in the total order. */
        List<HeldRow> held() {
            return Collections.unmodifiableList(held);
        }

        /**
         * An aggregate's accumulator over all rows with event times from one on.
         *
         * @throws IllegalArgumentException if a row is taken away, which a view with that aggregate refuses: the bytes that
         *     the rows were read from are broken
         */
        Accumulator<?> fold(long from, Partial<?> aggregate) {
            Accumulator<?> folded = aggregate.create();
            for (HeldRow row : held) {
                if (row.retraction() && !aggregate.retracts()) {
                    throw new IllegalArgumentException("the rows hold a retraction, which " + aggregate.key()
                            + " cannot have taken: the state is broken");
                }
                if (row.eventTime() >= from) {
                    row.applyTo(folded);
                }
            }
            return folded;
        }

        /** Keeps no rows, as if there had been more than the limit. */
        void truncate() {
            seen = partial.limit + 1L;
            held.clear();
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            insert(new HeldRow(false, id, eventTime, partial.copy(values, slot)));
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            if (!partial.retracts()) {
                throw new UnsupportedOperationException("the last rows do not retract");
            }
            insert(new HeldRow(true, id, eventTime, partial.copy(values, slot)));
        }

        private void insert(HeldRow row) {
            if (isTruncated()) {
                return;
            }
            int at = held.size();
            while (at > 0 && held.get(at - 1).compareTo(row) > 0) {
                at--;
            }
            held.add(at, row);
            seen++;
            bound();
        }

        @Override
        public void merge(Rows other) {
            if (isTruncated() || other.isTruncated()) {
                truncate();
                return;
            }
            boolean behind = held.isEmpty()
                    || other.held.isEmpty()
                    || held.get(held.size() - 1).compareTo(other.held.get(0)) <= 0;
            held.addAll(other.held);
            if (!behind) {
                Collections.sort(held);
            }
            seen += other.seen;
            bound();
        }

        private void bound() {
            if (partial.bound == Bound.GREATEST) {
                int excess = Math.max(0, held.size() - partial.limit);
                held.subList(0, excess).clear();
                seen = held.size();
            } else if (isTruncated()) {
                truncate();
            }
        }

        @Override
        public boolean isIdentity() {
            return seen == 0;
        }

        /** How many changes it saw; then the rows, each with its time since the one before, unless it is truncated. */
        @Override
        public void encode(ByteWriter out) {
            out.writeUnsigned(seen);
            long previous = 0;
            for (int i = 0; i < held.size(); i++) {
                HeldRow row = held.get(i);
                out.writeByte(row.retraction() ? 1 : 0);
                if (i == 0) {
                    out.writeSigned(row.eventTime());
                } else {
                    out.writeUnsigned(row.eventTime() - previous);
                }
                previous = row.eventTime();
                row.id().encode(out);
                partial.codec.write(row.values(), out);
            }
        }

        private void decode(ByteReader in) {
            long previous = 0;
            for (int i = 0; i < seen; i++) {
                boolean retraction = in.readByte() != 0;
                previous = i == 0 ? in.readSigned() : previous + in.readUnsigned();
                HeldRow row = new HeldRow(retraction, EventId.decode(in), previous, partial.codec.read(in));
                if (i > 0 && held.get(i - 1).compareTo(row) > 0) {
                    throw new IllegalArgumentException("rows do not ascend");
                }
                if (retraction && !partial.retracts()) {
                    throw new IllegalArgumentException("the last rows hold a retraction");
                }
                held.add(row);
            }
        }

        @Override
        public String describe() {
            return isTruncated() ? "more than " + partial.limit + " rows" : held.size() + " rows";
        }
    }

    private Row copy(Row values, int slot) {
        Row copy = new Row(types.size());
        for (int i = 0; i < types.size(); i++) {
            if (values.isNull(slot + i)) {
                continue;
            }
            String text = values.getString(slot + i);
            if (text != null) {
                copy.setString(i, text);
            } else {
                copy.setLong(i, values.getLong(slot + i));
            }
        }
        return copy;
    }
}
