package dev.tidewheel.history.warehouse;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.source.ColumnBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where some records stood, and whether they count. Used again for the next ones; not thread-safe. */
final class RawPlaces {
    private final ColumnBuffer topics = new ColumnBuffer(new Column(RawTable.TOPIC, ColumnType.STRING));
    private final ColumnBuffer partitions = new ColumnBuffer(new Column(RawTable.PARTITION, ColumnType.INT64));
    private final ColumnBuffer offsets = new ColumnBuffer(new Column(RawTable.OFFSET, ColumnType.INT64));
    private final ColumnBuffer timestamps = new ColumnBuffer(new Column(RawTable.TIMESTAMP, ColumnType.INT64));
    private final ColumnBuffer rejections = new ColumnBuffer(new Column(RawTable.REJECTED, ColumnType.STRING));
    private final @Nullable String counted;

    /**
     * @param counted whose records count; null for all topics
     */
    RawPlaces(@Nullable String counted) {
        this.counted = counted;
    }

    /** What is to be read. */
    List<ColumnBuffer> columns() {
        return List.of(topics, partitions, offsets, timestamps, rejections);
    }

    int size() {
        return offsets.size();
    }

    /** Whether a record is of the topic and was decoded. */
    boolean counts(int row) {
        return rejections.isNull(row) && (counted == null || counted.equals(topic(row)));
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
