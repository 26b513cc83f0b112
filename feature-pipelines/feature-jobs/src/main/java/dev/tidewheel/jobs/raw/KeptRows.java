package dev.tidewheel.jobs.raw;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.KeptRecord;
import dev.tidewheel.jobs.source.KeptRow;
import dev.tidewheel.runtime.warehouse.RawSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Rows of the raw table as what they were when {@link RawRows} wrote them. */
final class KeptRows {
    private final RowSchema columns;
    private final boolean ofChanges;

    /** @param ofChanges whether the source tells of rows that change */
    KeptRows(RowSchema columns, boolean ofChanges) {
        this.columns = columns;
        this.ofChanges = ofChanges;
    }

    /** The table's columns that are read; one that the table does not have yet is null in all of its rows. */
    Schema projection(Schema table) {
        List<String> wanted = new ArrayList<>();
        RawSchema.of(columns, ofChanges).columns().forEach(field -> wanted.add(field.name()));
        return table.select(wanted);
    }

    KeptRecord record(Record row, TopicPartition partition) {
        String rejected = text(row, RawSchema.REJECTED);
        return new KeptRecord(
                partition,
                RawReading.offset(row),
                (Long) row.getField(RawSchema.TIMESTAMP),
                new KeptRow(
                        rejected,
                        bytes(row, RawSchema.KEY),
                        bytes(row, RawSchema.VALUE),
                        row(row, ""),
                        rejected == null && ofChanges ? change(row) : null));
    }

    private KeptRow.Changed change(Record row) {
        Row before = row(row, RawSchema.BEFORE);
        return new KeptRow.Changed(
                String.valueOf(text(row, RawSchema.OPERATION)),
                (Long) row.getField(RawSchema.CONNECTOR_TIME),
                (Long) row.getField(RawSchema.DATABASE_TIME),
                before.equals(new Row(columns.size())) ? null : before);
    }

    private Row row(Record from, String prefix) {
        Row row = new Row(columns.size());
        for (int slot = 0; slot < columns.size(); slot++) {
            Column column = columns.column(slot);
            Object value = from.getField(prefix + column.name());
            if (value != null) {
                set(row, slot, column, value);
            }
        }
        return row;
    }

    private static void set(Row row, int slot, Column column, Object value) {
        switch (column.type()) {
            case STRING, JSON -> row.setString(slot, value.toString());
            case FLOAT64 -> row.setDouble(slot, ((Number) value).doubleValue());
            case BOOL -> row.setBoolean(slot, (Boolean) value);
            case INT64, TIMESTAMP -> row.setLong(slot, ((Number) value).longValue());
        }
    }

    private static @Nullable String text(Record row, String column) {
        Object value = row.getField(column);
        return value == null ? null : value.toString();
    }

    private static byte @Nullable [] bytes(Record row, String column) {
        ByteBuffer buffer = (ByteBuffer) row.getField(column);
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
