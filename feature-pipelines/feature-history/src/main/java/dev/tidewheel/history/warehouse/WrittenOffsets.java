package dev.tidewheel.history.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each partition of a topic is written, from the upper bounds of a snapshot's files: the jobs partition raw tables
 * by Kafka's partition, and by topic where there are several. No row is read, but one for the name of an only topic.
 */
final class WrittenOffsets {
    private final Table table;
    private final long snapshotId;
    private final Map<TopicPartition, Long> next = new HashMap<>();

    private WrittenOffsets(Table table, long snapshotId) {
        this.table = table;
        this.snapshotId = snapshotId;
    }

    /** @throws IllegalStateException if a file is not partitioned so, or lacks the bound */
    static Map<TopicPartition, Long> of(Table table, long snapshotId) {
        return new WrittenOffsets(table, snapshotId).read();
    }

    private Map<TopicPartition, Long> read() {
        NestedField offset = table.schema().findField(RawTable.OFFSET);
        String only = null;
        try (CloseableIterable<FileScanTask> files = table.newScan()
                .useSnapshot(snapshotId)
                .includeColumnStats(List.of(RawTable.OFFSET))
                .planFiles()) {
            for (FileScanTask task : files) {
                DataFile file = task.file();
                int byTopic = place(task.spec(), RawTable.TOPIC);
                if (byTopic < 0 && only == null) {
                    only = onlyTopic();
                }
                String topic =
                        byTopic < 0 ? only : String.valueOf(file.partition().get(byTopic, CharSequence.class));
                next.merge(new TopicPartition(topic, partition(task)), greatest(file, offset) + 1, Math::max);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + table.name(), e);
        }
        return next;
    }

    private int partition(FileScanTask task) {
        int place = place(task.spec(), RawTable.PARTITION);
        if (place < 0) {
            throw new IllegalStateException(task.file().location() + " of " + table.name()
                    + " is not partitioned by Kafka's partition: it was not written by a feature job");
        }
        return task.file().partition().get(place, Integer.class);
    }

    /** The column's place in the tuple of a file's partition; −1 if it has none. */
    private int place(PartitionSpec spec, String column) {
        int id = table.schema().findField(column).fieldId();
        List<PartitionField> fields = spec.fields();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).sourceId() == id && fields.get(i).transform().isIdentity()) {
                return i;
            }
        }
        return -1;
    }

    /** Bounds of texts are cut off, so the name is read from a row. */
    private String onlyTopic() {
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table)
                .useSnapshot(snapshotId)
                .select(RawTable.TOPIC)
                .build()) {
            return (String) rows.iterator().next().getField(RawTable.TOPIC);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a row of " + table.name(), e);
        }
    }

    private static long greatest(DataFile file, NestedField offset) {
        ByteBuffer bound = file.upperBounds().get(offset.fieldId());
        if (bound == null) {
            throw new IllegalStateException(file.location() + " has no upper bound of " + offset.name()
                    + ": it was not written by a feature job");
        }
        return Conversions.<Long>fromByteBuffer(offset.type(), bound);
    }
}
