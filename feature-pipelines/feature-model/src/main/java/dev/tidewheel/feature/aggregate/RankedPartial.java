package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * At most k values in an order: a JSON list, the first in the order first. {@code first_k} begins with the earliest event
 * and {@code last_k} with the latest, by (eventTime, id); {@code top_k} begins with the greatest value and {@code bottom_k}
 * with the smallest, or, where there is a {@code by}, with the value of the row in which {@code by} is greatest or
 * smallest, the earlier event first among equals. Values compare as in {@link Scalar#compareTo}: NaN is the greatest.
 * Values that come more than once are listed as often. Does not retract: what came behind is not kept.
 *
 * @param ranking the order
 * @param of the type of what is listed
 * @param by the type of what it is ordered by; null where that is the value itself, or time
 * @param k how many values are kept at most
 */
record RankedPartial(
        Ranking ranking, ColumnType of, @Nullable ColumnType by, int k) implements Partial<RankedPartial.Ranked> {
    static final Parameter K = Parameter.whole("k", "how many values are listed at most", 10, 1, 1_000);

    /** What comes first. */
    enum Ranking {
        FIRST,
        LAST,
        TOP,
        BOTTOM;

        boolean byTime() {
            return this == FIRST || this == LAST;
        }
    }

    static Aggregate.Binder binder(Ranking ranking) {
        return (input, parameters) ->
                new RankedPartial(ranking, input.input(), input.by().orElse(null), parameters.whole("k")).bind();
    }

    private BoundAggregate<Ranked> bind() {
        return new BoundAggregate<>(this, ColumnType.JSON, (ranked, at, out, slot) -> {
            if (ranked.entries.isEmpty()) {
                return Status.NULL;
            }
            JsonText text = new JsonText().open('[');
            ranked.entries.forEach(entry -> entry.value.appendTo(text));
            out.setString(slot, text.close(']').toString());
            return Status.OK;
        });
    }

    /** Whether an entry's place in time is kept. */
    private boolean isPlaced() {
        return ranking.byTime() || by != null;
    }

    private Comparator<Entry> order() {
        Comparator<Entry> byValue = (left, right) -> left.value.compareTo(right.value);
        Comparator<Entry> byTime = Comparator.comparingLong(Entry::eventTime)
                .thenComparing(Entry::id)
                .thenComparing(byValue);
        Comparator<Entry> byRank = by == null ? byValue : (left, right) -> left.rank.compareTo(right.rank);
        return switch (ranking) {
            case FIRST -> byTime;
            case LAST -> byTime.reversed();
            case TOP -> byRank.reversed().thenComparing(byTime);
            case BOTTOM -> byRank.thenComparing(byTime);
        };
    }

    @Override
    public String key() {
        return ranking.name().toLowerCase(java.util.Locale.ROOT) + "_k(" + of + (by == null ? "" : " by " + by) + ", "
                + k + ")";
    }

    @Override
    public int width() {
        return by == null ? 1 : 2;
    }

    @Override
    public Class<Ranked> type() {
        return Ranked.class;
    }

    @Override
    public Ranked create() {
        return new Ranked(this);
    }

    @Override
    public Ranked decode(ByteReader in) {
        Ranked ranked = create();
        int size = in.readLength();
        for (int i = 0; i < size; i++) {
            Entry entry = decodeEntry(in);
            if (i > 0 && ranked.order.compare(ranked.entries.get(i - 1), entry) > 0) {
                throw new IllegalArgumentException(key() + ": the values are not in their order");
            }
            ranked.entries.add(entry);
        }
        if (size > k) {
            throw new IllegalArgumentException(key() + ": " + size + " values");
        }
        return ranked;
    }

    private Entry decodeEntry(ByteReader in) {
        long eventTime = isPlaced() ? in.readSigned() : 0;
        EventId id = isPlaced() ? EventId.decode(in) : Entry.NO_ID;
        Scalar rank = by == null ? null : Scalar.decode(by, in);
        Scalar value = Scalar.decode(of, in);
        return new Entry(eventTime, id, rank == null ? value : rank, value);
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
        int value = of == ColumnType.FLOAT64 ? 8 : of.isText() ? 12 : 2;
        return 1 + Math.min(k, 5) * (value + (isPlaced() ? 10 : 0) + (by == null ? 0 : 4));
    }

    @Override
    public long mostBytes() {
        return 2 + k * (Scalar.mostBytes(of) + (isPlaced() ? 18L : 0) + (by == null ? 0 : Scalar.mostBytes(by)));
    }

    /** A value in its place; never changed. {@code rank} is the value itself where there is no {@code by}. */
    private record Entry(long eventTime, EventId id, Scalar rank, Scalar value) {
        static final EventId NO_ID = EventId.of(0);
    }

    static final class Ranked implements Accumulator<Ranked> {
        private final RankedPartial partial;
        private final Comparator<Entry> order;
        private final List<Entry> entries = new ArrayList<>(); // in their order

        private Ranked(RankedPartial partial) {
            this.partial = partial;
            this.order = partial.order();
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            Scalar value = Scalar.of(partial.of, values, slot);
            Scalar rank = partial.by == null ? value : Scalar.of(partial.by, values, slot + 1);
            boolean placed = partial.isPlaced();
            offer(new Entry(placed ? eventTime : 0, placed ? id : Entry.NO_ID, rank, value));
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            throw new UnsupportedOperationException(partial.key() + " does not retract");
        }

        @Override
        public void merge(Ranked other) {
            for (Entry entry : other.entries) {
                if (!offer(entry)) {
                    return; // The others come behind it.
                }
            }
        }

        private boolean offer(Entry entry) {
            int last = entries.size() - 1;
            boolean full = entries.size() == partial.k;
            if (full && order.compare(entry, entries.get(last)) >= 0) {
                return false;
            }
            if (full) {
                entries.remove(last);
            }
            int at = Collections.binarySearch(entries, entry, order);
            entries.add(at < 0 ? ~at : at, entry);
            return true;
        }

        @Override
        public boolean isIdentity() {
            return entries.isEmpty();
        }

        /** How many; per value its place, what it is ordered by, and itself, as far as the order needs them. */
        @Override
        public void encode(ByteWriter out) {
            out.writeUnsigned(entries.size());
            for (Entry entry : entries) {
                if (partial.isPlaced()) {
                    out.writeSigned(entry.eventTime);
                    entry.id.encode(out);
                }
                if (partial.by != null) {
                    entry.rank.encode(out);
                }
                entry.value.encode(out);
            }
        }

        @Override
        public String describe() {
            return entries.isEmpty() ? "nothing" : entries.size() + " values, first " + entries.get(0).value;
        }
    }
}
