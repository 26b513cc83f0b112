package dev.tidewheel.history.warehouse;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.RecordTime;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.HistoryScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.ChangeStream;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.source.Erased;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Every record that ever came from a source's topic, with where it stood: the table from which training, parity and
 * explanations are computed. Not thread-safe.
 */
public final class RawTable {
    static final String TOPIC = "_topic";
    static final String PARTITION = "_partition";
    static final String OFFSET = "_offset";
    static final String TIMESTAMP = "_timestamp";
    static final String REJECTED = "_rejected";
    private static final String KEY = "_key";
    private static final String VALUE = "_value";
    static final String OPERATION = "_op";
    static final String BEFORE = "_before_";

    private final String name;
    private final Table table;
    private final @Nullable String topic;

    RawTable(String name, Table table) {
        this(name, table, null);
    }

    /** @param topic whose rows are read; null for all */
    private RawTable(String name, Table table, @Nullable String topic) {
        this.name = name;
        this.table = table;
        this.topic = topic;
    }

    /** The same table as if it held the rows of one topic only. */
    public RawTable ofTopic(String topic) {
        return new RawTable(name, table, topic);
    }

    /** Such as {@code raw.flights}. */
    public String name() {
        return name;
    }

    /** The newest snapshot; empty while nothing was committed. */
    public Optional<Long> newestSnapshot() {
        return Optional.ofNullable(table.currentSnapshot()).map(Snapshot::snapshotId);
    }

    /**
     * Names a snapshot so that expiry keeps it. Doing it again changes nothing.
     *
     * @throws IllegalStateException if the tag names another snapshot already
     * @throws IllegalArgumentException if the table has no such snapshot
     */
    public void tag(String tag, long snapshotId) {
        requireSnapshot(snapshotId);
        tag(name, table, tag, snapshotId);
    }

    static void tag(String name, Table table, String tag, long snapshotId) {
        SnapshotRef existing = table.refs().get(tag);
        if (existing == null) {
            table.manageSnapshots().createTag(tag, snapshotId).commit();
        } else if (existing.snapshotId() != snapshotId) {
            throw new IllegalStateException("tag '" + tag + "' of " + name + " names snapshot " + existing.snapshotId()
                    + ", not " + snapshotId + ": remove it if nothing needs that snapshot any more");
        }
    }

    /**
     * Reads all records of a snapshot. A position that was written twice counts once; rejected records count in the
     * coverage and are no changes. So do records of entities that are erased by now, whenever the snapshot was taken.
     *
     * @throws IllegalArgumentException if the table has no such snapshot or lacks a column
     */
    public ChangeHistory read(SourceColumns columns, long snapshotId) {
        requireSnapshot(snapshotId);
        List<String> wanted = wanted(columns);
        requireColumns(wanted);
        Schema then = schemaOf(snapshotId);
        wanted.removeIf(column -> then.findField(column) == null);
        try (CloseableIterable<Record> records = IcebergGenerics.read(table)
                .useSnapshot(snapshotId)
                .select(wanted)
                .where(counted(topic))
                .build()) {
            return collect(erasedFor(snapshotId).leftOutOf(records), columns, new Origin.Snapshot(name, snapshotId));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " at snapshot " + snapshotId, e);
        }
    }

    /**
     * The records of a snapshot, to be read through. Those of a changelog are read at once and held: what one of them takes
     * away is known only in the order of its partition.
     *
     * @throws IllegalArgumentException as in {@link #read}
     */
    public ChangeScan scan(SourceColumns columns, long snapshotId) {
        requireSnapshot(snapshotId);
        requireColumns(wanted(columns));
        RawReading files = new RawReading(name, table, topic, snapshotId, erasedFor(snapshotId));
        if (columns.changes().isEmpty()) {
            return new RawScan(files, columns);
        }
        ChangeStream stream = columns.changes().get();
        return stream.key().isEmpty()
                ? new ChangeStreamScan(files, columns, stream)
                : new HistoryScan(read(columns, snapshotId));
    }

    /** Which rows are read. */
    static Expression counted(@Nullable String topic) {
        return topic == null ? Expressions.alwaysTrue() : Expressions.equal(TOPIC, topic);
    }

    private static List<String> wanted(SourceColumns columns) {
        List<String> wanted = new ArrayList<>(List.of(TOPIC, PARTITION, OFFSET, TIMESTAMP, REJECTED));
        columns.schema().columns().forEach(column -> wanted.add(column.name()));
        columns.changes().ifPresent(changes -> {
            wanted.add(OPERATION);
            wanted.addAll(ownTimes(changes));
            columns.schema().columns().forEach(column -> wanted.add(BEFORE + column.name()));
        });
        return wanted;
    }

    /** Where the newest snapshot has records of erased entities. */
    public BiPredicate<TopicPartition, Long> erased() {
        return ErasedPlaces.of(table)::contain;
    }

    /** What a snapshot still says and may not; the newest has erased rows as it should. */
    private ErasedPlaces erasedFor(long snapshotId) {
        return newestSnapshot().equals(Optional.of(snapshotId)) ? ErasedPlaces.NONE : ErasedPlaces.of(table);
    }

    /** A column that came later is null in what was written before. */
    private Schema schemaOf(long snapshotId) {
        Integer schemaId = table.snapshot(snapshotId).schemaId();
        Schema then = schemaId == null ? null : table.schemas().get(schemaId);
        return then == null ? table.schema() : then;
    }

    static List<String> ownTimes(ChangeStream changes) {
        return changes.time() == RecordTime.KAFKA
                ? List.of()
                : List.of(changes.time().word());
    }

    /**
     * A rejected record as it came.
     *
     * @param key null if it had none
     * @param value null if it had none
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    public record Rejected(byte @Nullable [] key, byte @Nullable [] value) {}

    /**
     * The bytes of a rejected record, from the newest snapshot; empty if the table does not have it, or it was decoded: then
     * the table has its columns. Reads only the files whose statistics admit the position.
     */
    public Optional<Rejected> rejected(String topic, int partition, long offset) {
        try (CloseableIterable<Record> records = IcebergGenerics.read(table)
                .select(TOPIC, PARTITION, OFFSET, REJECTED, KEY, VALUE)
                .where(Expressions.and(
                        Expressions.equal(TOPIC, topic),
                        Expressions.equal(PARTITION, partition),
                        Expressions.equal(OFFSET, offset)))
                .build()) {
            for (Record row : records) {
                if (row.getField(REJECTED) != null) {
                    return Optional.of(new Rejected(
                            bytes((ByteBuffer) row.getField(KEY)), bytes((ByteBuffer) row.getField(VALUE))));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " at " + topic + "/" + partition + "/" + offset, e);
        }
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /**
     * Per partition the greatest offset of a snapshot plus one, from the statistics of its files.
     *
     * @throws IllegalArgumentException if the table has no such snapshot
     */
    public Map<TopicPartition, Long> nextOffsets(long snapshotId) {
        requireSnapshot(snapshotId);
        return WrittenOffsets.of(table, snapshotId);
    }

    /**
     * What a snapshot had, and nobody reads any more: the records of entities that are erased by now.
     *
     * @throws IllegalArgumentException if the table has no such snapshot
     */
    public Optional<Erased> erased(long snapshotId) {
        requireSnapshot(snapshotId);
        ErasedPlaces places = ErasedPlaces.of(table);
        return places.isEmpty() ? Optional.empty() : places.before(nextOffsets(snapshotId));
    }

    /** Reads the newest snapshot; an empty history while nothing was committed. */
    public ChangeHistory readNewest(SourceColumns columns) {
        return newestSnapshot()
                .map(snapshot -> read(columns, snapshot))
                .orElseGet(
                        () -> collect(CloseableIterable.empty(), columns, new Origin.Memory(name + ", still empty")));
    }

    private static ChangeHistory collect(Iterable<Record> records, SourceColumns columns, Origin origin) {
        ChangeHistory.@Nullable Builder builder = null;
        Channels channels = columns.channels(columns.source());
        Optional<ChangeRows> changes = columns.changes().map(stream -> new ChangeRows(columns, stream));
        for (Record row : records) {
            if (builder == null) {
                channels = columns.channels((String) row.getField(TOPIC));
                builder = new ChangeHistory.Builder(columns, origin, (String) row.getField(TOPIC));
            }
            if (changes.isPresent()) {
                changes.get().add(raw(row, columns));
            } else {
                append(row, columns, channels, builder);
            }
        }
        ChangeHistory.Builder filled =
                builder == null ? new ChangeHistory.Builder(columns, origin, columns.source()) : builder;
        changes.ifPresent(rows -> rows.appendTo(filled));
        return filled.build();
    }

    private static ChangeRows.Raw raw(Record row, SourceColumns columns) {
        String operation = (String) row.getField(OPERATION);
        long timestamp = (Long) row.getField(TIMESTAMP);
        List<String> times = columns.changes().map(RawTable::ownTimes).orElse(List.of());
        Long own = times.isEmpty() ? null : (Long) row.getField(times.get(0));
        return new ChangeRows.Raw(
                (Integer) row.getField(PARTITION),
                (Long) row.getField(OFFSET),
                own == null ? timestamp : own,
                operation == null ? null : RowOperation.of(operation).orElseThrow(),
                row(row, BEFORE, columns.schema()),
                row(row, "", columns.schema()));
    }

    private static Row row(Record from, String prefix, RowSchema schema) {
        Row row = new Row(schema.size());
        for (int slot = 0; slot < schema.size(); slot++) {
            Column column = schema.column(slot);
            Object value = from.getField(prefix + column.name());
            if (value == null) {
                continue;
            }
            switch (column.type()) {
                case STRING, JSON -> row.setString(slot, value.toString());
                case FLOAT64 -> row.setDouble(slot, ((Number) value).doubleValue());
                case INT64, TIMESTAMP, BOOL -> row.setLong(slot, word(value, column));
            }
        }
        return row;
    }

    /** The number of a row's partition among those of the source's topics. */
    private static int channel(Record row, Channels channels) {
        int partition = (Integer) row.getField(PARTITION);
        return channels.topics().size() == 1 ? partition : channels.channel((String) row.getField(TOPIC), partition);
    }

    private static void append(Record row, SourceColumns columns, Channels channels, ChangeHistory.Builder builder) {
        for (int slot = 0; slot < columns.schema().size(); slot++) {
            Column column = columns.schema().column(slot);
            append(row.getField(column.name()), column, builder.column(slot));
        }
        int channel = channel(row, channels);
        long offset = (Long) row.getField(OFFSET);
        long timestamp = (Long) row.getField(TIMESTAMP);
        if (row.getField(REJECTED) == null) {
            boolean imported = Channels.isImport((Integer) row.getField(PARTITION));
            Object known = columns.knownTime().isPresent()
                    ? row.getField(columns.knownTime().get())
                    : timestamp;
            if (known instanceof Long time && columns.handover().leavesOut(imported, time)) {
                builder.handedOver(channel, offset, timestamp);
            } else {
                builder.record(channel, offset, timestamp);
            }
        } else if (row.getField(REJECTED).equals(ErasedPlaces.ERASED)) {
            builder.erased(channel, offset, timestamp);
        } else {
            builder.rejected(channel, offset, timestamp);
        }
    }

    static void append(@Nullable Object value, Column column, ColumnBuffer to) {
        if (value == null) {
            to.appendNull();
        } else if (column.type().isText()) {
            to.appendString(value.toString());
        } else if (column.type() == ColumnType.FLOAT64) {
            to.appendDouble(((Number) value).doubleValue());
        } else {
            to.appendWord(word(value, column));
        }
    }

    private static long word(Object value, Column column) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        if (value instanceof OffsetDateTime time) {
            return time.toInstant().toEpochMilli();
        }
        if (value instanceof LocalDateTime time) {
            return time.toInstant(ZoneOffset.UTC).toEpochMilli();
        }
        throw new IllegalArgumentException("column '" + column.name() + "' holds a "
                + value.getClass().getName() + ", which is no " + column.type());
    }

    private void requireSnapshot(long snapshotId) {
        if (table.snapshot(snapshotId) == null) {
            throw new IllegalArgumentException(
                    name + " has no snapshot " + snapshotId + ": it has expired, or belongs to another table");
        }
    }

    private void requireColumns(List<String> wanted) {
        for (String column : wanted) {
            if (table.schema().findField(column) == null) {
                throw new IllegalArgumentException(name + " has no column '" + column + "': it has "
                        + table.schema().columns().stream()
                                .map(field -> field.name())
                                .toList());
            }
        }
    }
}
