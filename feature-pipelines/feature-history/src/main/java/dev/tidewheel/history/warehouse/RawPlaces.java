package dev.tidewheel.history.warehouse;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.source.ColumnBuffer;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where some records stood, and whether they count. Used again for the next ones; not thread-safe. */
final class RawPlaces {
    private final ColumnBuffer topics = new ColumnBuffer(new Column(RawTable.TOPIC, ColumnType.STRING));
    private final ColumnBuffer partitions = new ColumnBuffer(new Column(RawTable.PARTITION, ColumnType.INT64));
    private final ColumnBuffer offsets = new ColumnBuffer(new Column(RawTable.OFFSET, ColumnType.INT64));
    private final ColumnBuffer timestamps = new ColumnBuffer(new Column(RawTable.TIMESTAMP, ColumnType.INT64));
    private final ColumnBuffer rejections = new ColumnBuffer(new Column(RawTable.REJECTED, ColumnType.STRING));
    private final @Nullable String counted;
    private final ErasedPlaces erased;

    /**
     * @param counted whose records count; null for all topics
     * @param erased whose records do not
     */
    RawPlaces(@Nullable String counted, ErasedPlaces erased) {
        this.counted = counted;
        this.erased = erased;
    }

    /** What is to be read. */
    List<ColumnBuffer> columns() {
        return List.of(topics, partitions, offsets, timestamps, rejections);
    }

    int size() {
        return offsets.size();
    }

    /** Whether a record is of the topic, was decoded, and is nobody's who is erased. */
    boolean counts(int row) {
        return rejections.isNull(row) && (counted == null || counted.equals(topic(row))) && !isErased(row);
    }

    private boolean isErased(int row) {
        return !erased.isEmpty() && erased.contain(new TopicPartition(topic(row), partition(row)), offset(row));
    }

    String topic(int row) {
        return topics.string(row);
    }

    int partition(int row) {
        return (int) partitions.word(row);
    }

    long offset(int row) {
        return offsets.word(row);
    }

    /** Epoch milliseconds. */
    long timestamp(int row) {
        return timestamps.word(row);
    }
}
