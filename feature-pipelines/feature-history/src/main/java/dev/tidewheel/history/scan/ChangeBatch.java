package dev.tidewheel.history.scan;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.source.RecordSink;
import dev.tidewheel.history.source.SourceColumns;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Some records of a source, numbered from 0, as columns. Used again and again by one scan; not thread-safe. */
public final class ChangeBatch implements RecordSink {
    private Channels channels;
    private final List<ColumnBuffer> columns;
    private final ColumnBuffer eventTimes;
    private final int knownTimeSlot;
    private final int idSlot; // −1 where a change without an id is one, too
    private final BitSet refused = new BitSet();
    private final BitSet retractions = new BitSet();
    private int[] channelOf = new int[256];
    private long[] offsets = new long[256];
    private long[] timestamps = new long[256];
    private int size;

    /** An empty one, of no topic yet. */
    public ChangeBatch(SourceColumns source) {
        this.channels = source.channels(source.source());
        this.columns = source.schema().columns().stream().map(ColumnBuffer::new).toList();
        this.eventTimes = columns.get(source.eventTimeSlot());
        this.knownTimeSlot = source.knownTimeSlot();
        this.idSlot = source.isUnion() ? -1 : source.eventIdSlot();
    }

    public int size() {
        return size;
    }

    /** The numbers of the partitions of the source's topics. */
    public Channels channels() {
        return channels;
    }

    /** Says from where the records are; the same for all batches of a scan. */
    public ChangeBatch from(Channels known) {
        channels = known;
        return this;
    }

    /**
     * Whether a record is a change: it was not rejected, and has an event time, a known time and, where its source declares
     * one, an id.
     */
    public boolean isChange(int record) {
        return !refused.get(record) && !eventTimes.isNull(record) && has(knownTimeSlot, record) && has(idSlot, record);
    }

    private boolean has(int slot, int record) {
        return slot < 0 || !columns.get(slot).isNull(record);
    }

    /** Epoch milliseconds, of a change. */
    public long eventTime(int record) {
        return eventTimes.word(record);
    }

    /** Epoch milliseconds, of a change. */
    public long knownTime(int record) {
        return knownTimeSlot < 0
                ? timestamps[record]
                : columns.get(knownTimeSlot).word(record);
    }

    public int channel(int record) {
        return channelOf[record];
    }

    public long offset(int record) {
        return offsets[record];
    }

    public boolean isRetraction(int record) {
        return retractions.get(record);
    }

    @Override
    public ColumnBuffer column(int slot) {
        return columns.get(slot);
    }

    @Override
    public void record(int channel, long offset, long timestamp) {
        if (size == offsets.length) {
            channelOf = Arrays.copyOf(channelOf, 2 * size);
            offsets = Arrays.copyOf(offsets, 2 * size);
            timestamps = Arrays.copyOf(timestamps, 2 * size);
        }
        channelOf[size] = channel;
        offsets[size] = offset;
        timestamps[size++] = timestamp;
    }

    @Override
    public void rejected(int channel, long offset, long timestamp) {
        refused.set(size);
        record(channel, offset, timestamp);
    }

    @Override
    public void taken(int channel, long offset, long timestamp, boolean alone) {
        retractions.set(size);
        record(channel, offset, timestamp);
    }

    @Override
    public void append(Row row) {
        for (int slot = 0; slot < columns.size(); slot++) {
            columns.get(slot).append(row, slot);
        }
    }

    /** Makes room for other records. */
    public void clear() {
        columns.forEach(ColumnBuffer::clear);
        refused.clear();
        retractions.clear();
        size = 0;
    }
}
