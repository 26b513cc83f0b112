package dev.tidewheel.history.source;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.row.Row;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All changes of one source, numbered from 0 in the order of (visibleAt, channel, offset): the same numbers whatever
 * the order in which files were scanned. Times are epoch milliseconds. Immutable and thread-safe.
 *
 * <p>Held as columns of primitives, strings once each: no objects per row. A {@link Change} is made when it is asked for.
 */
public final class ChangeHistory {
    private final SourceColumns columns;
    private final Origin origin;
    private final Channels channels;
    private final List<ColumnBuffer> data;
    private final Records records;
    private final BitSet retractions;
    private final Map<Integer, Coverage> coverage;
    private final Map<Integer, ErasedRecords> erased;
    private final Map<Integer, Outcomes> outcomes;
    private final BitSet repeatedIds;
    private final ColumnBuffer eventTimes;
    private final EventIds ids;
    private final @Nullable ColumnBuffer declaredIds;
    private final long[] knownTimes;
    private final int[] order;

    private ChangeHistory(Builder from, BitSet repetitions) {
        this.columns = from.columns;
        this.origin = from.origin;
        this.channels = from.channels;
        this.data = from.data;
        this.records = from.records;
        this.retractions = from.retractions;
        this.coverage = Map.copyOf(records.coverage(repetitions));
        this.erased = Map.copyOf(from.erased);
        this.eventTimes = data.get(columns.eventTimeSlot());
        this.ids = new EventIds(columns, channels);
        this.knownTimes = from.knownTimes();
        int[] usable = from.usable(repetitions);
        this.outcomes = Map.copyOf(from.outcomes(coverage, usable, repetitions));
        this.order = sorted(usable, knownTimes);
        this.declaredIds = columns.eventIdSlot() < 0 ? null : data.get(columns.eventIdSlot());
        this.repeatedIds = declaredIds == null ? new BitSet() : RepeatedIds.among(order, declaredIds);
    }

    /**
     * The same changes as if they had become known at other moments.
     *
     * @param known when each of them did; {@link KnownTimes#NEVER} leaves it out. The coverage stays that of all records
     */
    public ChangeHistory retimed(KnownTimes known) {
        long[] times = new long[knownTimes.length];
        for (int row : order) {
            times[row] = known.of(eventTimes.word(row), knownTimes[row]);
        }
        int[] kept = Arrays.stream(order)
                .filter(row -> times[row] != KnownTimes.NEVER)
                .toArray();
        return new ChangeHistory(this, times, sorted(kept, times), channel -> true);
    }

    /** The same events as if each had been known the moment it happened: what a join that knows only event times sees. */
    public ChangeHistory knownWhenHappened() {
        return retimed(KnownTimes.WHEN_HAPPENED);
    }

    /** @param channels of which partitions it is */
    private ChangeHistory(ChangeHistory that, long[] knownTimes, int[] order, IntPredicate channels) {
        this.columns = that.columns;
        this.origin = that.origin;
        this.channels = that.channels;
        this.data = that.data;
        this.records = that.records;
        this.retractions = that.retractions;
        this.coverage = of(that.coverage, channels);
        this.erased = of(that.erased, channels);
        this.outcomes = of(that.outcomes, channels);
        this.repeatedIds = that.repeatedIds;
        this.eventTimes = that.eventTimes;
        this.ids = that.ids;
        this.declaredIds = that.declaredIds;
        this.knownTimes = knownTimes;
        this.order = order;
    }

    /**
     * The same without what was known later: a snapshot taken later then gives what one of that moment would have given.
     * The coverage stays that of all records.
     *
     * @param knownBy the greatest known time that is kept, epoch milliseconds
     */
    public ChangeHistory knownBy(long knownBy) {
        return new ChangeHistory(
                this,
                knownTimes,
                Arrays.stream(order).filter(row -> knownTimes[row] <= knownBy).toArray(),
                channel -> true);
    }

    /** The same without some partitions, as if they had never been there. */
    public ChangeHistory without(Set<Integer> partitions) {
        if (coverage.keySet().stream().noneMatch(partitions::contains)) {
            return this;
        }
        return new ChangeHistory(
                this,
                knownTimes,
                Arrays.stream(order)
                        .filter(row -> !partitions.contains(records.channel(row)))
                        .toArray(),
                channel -> !partitions.contains(channel));
    }

    private static <T> Map<Integer, T> of(Map<Integer, T> all, IntPredicate channels) {
        return all.entrySet().stream()
                .filter(each -> channels.test(each.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** What the columns mean. */
    public SourceColumns columns() {
        return columns;
    }

    /** Where the rows come from. */
    public Origin origin() {
        return origin;
    }

    /** The numbers of the partitions of the source's topics. */
    public Channels channels() {
        return channels;
    }

    /** Per channel which records were found, rejected ones too. A file has one, 0. */
    public Map<Integer, Coverage> coverage() {
        return coverage;
    }

    /** Per channel the records of entities that were erased; empty if there is none. */
    public Map<Integer, ErasedRecords> erased() {
        return erased;
    }

    /** Per channel what became of the records, whenever they were known. */
    public Map<Integer, Outcomes> outcomes() {
        return outcomes;
    }

    /** How many changes there are. */
    public int size() {
        return order.length;
    }

    public long eventTime(int change) {
        return eventTimes.word(order[change]);
    }

    public long knownTime(int change) {
        return knownTimes[order[change]];
    }

    /** See {@link Change#visibleAt()}. */
    public long visibleAt(int change) {
        return Change.visibleAt(eventTime(change), knownTime(change));
    }

    /** Which partition of which topic it came from, see {@link Channels}. */
    public int channel(int change) {
        return records.channel(order[change]);
    }

    public long offset(int change) {
        return records.offset(order[change]);
    }

    public Position position(int change) {
        int channel = channel(change);
        return new Position(channels.topic(channel), channels.partition(channel), offset(change));
    }

    /** The declared event id, or the position where the source declares none. */
    public EventId id(int change) {
        return ids.of(channel(change), offset(change), declaredIds, order[change]);
    }

    /** Whether another change may have the same declared id, so that one of the two may be a duplicate. */
    public boolean sharesId(int change) {
        return repeatedIds.get(order[change]);
    }

    /** The row, new with every call. */
    public Row row(int change) {
        Row row = new Row(data.size());
        for (int slot = 0; slot < data.size(); slot++) {
            data.get(slot).copy(order[change], row, slot);
        }
        return row;
    }

    /** Whether the row counts no longer. */
    public boolean isRetraction(int change) {
        return retractions.get(order[change]);
    }

    /** The change, new with every call. */
    public Change change(int change) {
        return new Change(isRetraction(change), id(change), eventTime(change), knownTime(change), row(change));
    }

    /**
     * Some of the changes, such as those of a key, without copying them.
     *
     * @param changes their numbers, ascending
     */
    public KeyBlock block(int[] changes) {
        return new HistoryBlock(this, changes.clone(), 0, changes.length);
    }

    /** The changes of a key, where the index has them. */
    public KeyBlock block(KeyIndex keys, int key) {
        return keys.block(this, key);
    }

    /**
     * Groups the changes by the values of some columns.
     *
     * @throws IllegalArgumentException if the source has no such column
     */
    public KeyIndex keys(List<String> entity) {
        return KeyIndex.of(this, entity);
    }

    boolean isNull(int change, int slot) {
        return data.get(slot).isNull(order[change]);
    }

    long word(int change, int slot) {
        return data.get(slot).word(order[change]);
    }

    String string(int change, int slot) {
        return data.get(slot).string(order[change]);
    }

    String text(int change, int slot) {
        return data.get(slot).text(order[change]);
    }

    /** By visibleAt, under the given known times. Rows of a file mostly are in order already. */
    private int[] sorted(int[] rows, long[] known) {
        if (isSorted(rows, known)) {
            return rows;
        }
        Comparator<Integer> byVisible =
                Comparator.comparingLong(row -> Change.visibleAt(eventTimes.word(row), known[row]));
        return IntStream.of(rows)
                .boxed()
                .sorted(byVisible.thenComparing(records::compare))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private boolean isSorted(int[] rows, long[] known) {
        for (int i = 1; i < rows.length; i++) {
            long before = Change.visibleAt(eventTimes.word(rows[i - 1]), known[rows[i - 1]]);
            int byVisible = Long.compare(before, Change.visibleAt(eventTimes.word(rows[i]), known[rows[i]]));
            if (byVisible > 0 || byVisible == 0 && records.compare(rows[i - 1], rows[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Collects rows: one value for every column, then (or before, for whole columns at a time) one
     * {@link #record(int, long, long)}. Not thread-safe.
     */
    public static final class Builder implements RecordSink {
        private final SourceColumns columns;
        private final Origin origin;
        private final Channels channels;
        private final List<ColumnBuffer> data;
        private final Records records = new Records();
        private final BitSet rejected = new BitSet();
        private final BitSet handedOver = new BitSet();
        private final BitSet forgotten = new BitSet();
        private final Map<Integer, ErasedRecords> erased = new TreeMap<>();
        private final BitSet retractions = new BitSet();

        /**
         * @param topic the Kafka topic, or the file's name: part of positions. A union knows its topics
         */
        public Builder(SourceColumns columns, Origin origin, String topic) {
            this.columns = Objects.requireNonNull(columns, "columns");
            this.origin = Objects.requireNonNull(origin, "origin");
            this.channels = columns.channels(topic);
            this.data =
                    columns.schema().columns().stream().map(ColumnBuffer::new).toList();
        }

        @Override
        public ColumnBuffer column(int slot) {
            return data.get(slot);
        }

        @Override
        public void record(int channel, long offset, long timestamp) {
            records.append(channel, offset, timestamp);
        }

        @Override
        public void rejected(int channel, long offset, long timestamp) {
            rejected.set(records.size());
            record(channel, offset, timestamp);
        }

        /** Names the place of the next row, which is the business of the other side of the source's handover. */
        public void handedOver(int channel, long offset, long timestamp) {
            handedOver.set(records.size());
            rejected(channel, offset, timestamp);
        }

        /** Names the place of the next row, of which nothing else is left. */
        public void erased(int channel, long offset, long timestamp) {
            forgotten.set(records.size());
            erased.merge(channel, new ErasedRecords(offset, timestamp), ErasedRecords::plus);
            rejected(channel, offset, timestamp);
        }

        @Override
        public void taken(int channel, long offset, long timestamp, boolean alone) {
            retractions.set(records.size());
            if (alone) {
                record(channel, offset, timestamp);
            } else {
                records.appendCompanion(channel, offset, timestamp);
            }
        }

        @Override
        public void append(Row row) {
            for (int slot = 0; slot < data.size(); slot++) {
                data.get(slot).append(row, slot);
            }
        }

        /** Fills columns that have no values yet from those that have, row by row. */
        Builder complete(Map<String, ToLongFunction<Row>> computed) {
            Map<Integer, ToLongFunction<Row>> bySlot = new TreeMap<>();
            computed.forEach((name, function) -> bySlot.put(columns.schema().slot(name), function));
            for (int number = 0; !bySlot.isEmpty() && number < records.size(); number++) {
                Row row = new Row(data.size());
                for (int slot = 0; slot < data.size(); slot++) {
                    if (!bySlot.containsKey(slot)) {
                        data.get(slot).copy(number, row, slot);
                    }
                }
                bySlot.forEach((slot, function) -> data.get(slot).appendWord(function.applyAsLong(row)));
            }
            return this;
        }

        /**
         * Rows without event time, known time or id are no changes: the stream refuses them too.
         *
         * @throws IllegalStateException if a column has more or fewer values than there are records
         */
        public ChangeHistory build() {
            for (ColumnBuffer column : data) {
                if (column.size() != records.size()) {
                    throw new IllegalStateException("column '" + column.column().name() + "' has " + column.size()
                            + " values for " + records.size() + " records");
                }
            }
            return new ChangeHistory(this, records.repetitions());
        }

        private Map<Integer, Outcomes> outcomes(Map<Integer, Coverage> coverage, int[] usable, BitSet repetitions) {
            Map<Integer, Long> counted = records.counts(IntStream.of(usable));
            Map<Integer, Long> left = records.counts(without(handedOver, repetitions));
            Map<Integer, Long> gone = records.counts(without(forgotten, repetitions));
            Map<Integer, Outcomes> outcomes = new TreeMap<>();
            coverage.forEach((channel, covered) -> {
                long counts = counted.getOrDefault(channel, 0L);
                long others = left.getOrDefault(channel, 0L);
                long erasures = gone.getOrDefault(channel, 0L);
                outcomes.put(
                        channel,
                        new Outcomes(counts, others, erasures, covered.records() - counts - others - erasures));
            });
            return outcomes;
        }

        private static IntStream without(BitSet rows, BitSet repetitions) {
            return rows.stream().filter(row -> !repetitions.get(row));
        }

        private int[] usable(BitSet repetitions) {
            int[] needed = neededSlots();
            int[] usable = new int[records.size()];
            int count = 0;
            for (int row = 0; row < records.size(); row++) {
                if (!repetitions.get(row) && !rejected.get(row) && hasValues(needed, row)) {
                    usable[count++] = row;
                }
            }
            return Arrays.copyOf(usable, count);
        }

        /** Those of the columns without which a row is no change. */
        private int[] neededSlots() {
            return IntStream.of(
                            columns.eventTimeSlot(),
                            columns.knownTimeSlot(),
                            columns.isUnion() ? -1 : columns.eventIdSlot())
                    .filter(slot -> slot >= 0)
                    .toArray();
        }

        private boolean hasValues(int[] slots, int row) {
            for (int slot : slots) {
                if (data.get(slot).isNull(row)) {
                    return false;
                }
            }
            return true;
        }

        private long[] knownTimes() {
            int slot = columns.knownTimeSlot();
            long[] times = new long[records.size()];
            for (int row = 0; row < times.length; row++) {
                times[row] = slot < 0 ? records.timestamp(row) : data.get(slot).word(row);
            }
            return times;
        }
    }
}
