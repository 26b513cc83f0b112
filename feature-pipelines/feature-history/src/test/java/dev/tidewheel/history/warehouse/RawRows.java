package dev.tidewheel.history.warehouse;

import dev.tidewheel.feature.row.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;

/** Writes the raw table of flights as the feature job does. */
public final class RawRows {
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.optional(1, "flight_id", Types.LongType.get()),
            Types.NestedField.optional(2, "date", Types.LongType.get()),
            Types.NestedField.optional(3, "landing", Types.LongType.get()),
            Types.NestedField.optional(4, "origin", Types.StringType.get()),
            Types.NestedField.optional(5, "destination", Types.StringType.get()),
            Types.NestedField.optional(6, "distance", Types.IntegerType.get()),
            Types.NestedField.optional(7, "delay", Types.IntegerType.get()),
            Types.NestedField.required(8, "_topic", Types.StringType.get()),
            Types.NestedField.required(9, "_partition", Types.IntegerType.get()),
            Types.NestedField.required(10, "_offset", Types.LongType.get()),
            Types.NestedField.required(11, "_timestamp", Types.LongType.get()),
            Types.NestedField.optional(12, "_rejected", Types.StringType.get()));

    private final Table table;
    private String topic = "flights";

    private RawRows(Table table) {
        this.table = table;
    }

    public static RawRows create(Warehouse warehouse) {
        warehouse.catalog().createNamespace(Namespace.of("raw"));
        return new RawRows(warehouse
                .catalog()
                .createTable(TableIdentifier.of("raw", "flights"), SCHEMA, RawFiles.byPartition(SCHEMA)));
    }

    public void append(List<Row> rows, int[] partitions, long[] offsets) throws IOException {
        append(rows, partitions, offsets, null);
    }

    /** One snapshot. */
    public void append(List<Row> rows, int[] partitions, long[] offsets, String rejected) throws IOException {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            records.add(record(rows.get(i), partitions[i], offsets[i], rejected));
        }
        RawFiles.append(table, records);
    }

    /** What comes next is of another topic. */
    public void follow(String next) {
        topic = next;
    }

    /** Drops every snapshot that nothing holds. */
    public void expireAllButNewest() {
        table.refresh();
        table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
    }

    private Record record(Row row, int partition, long offset, String rejected) {
        Record record = GenericRecord.create(SCHEMA);
        for (int slot = 0; slot < row.size(); slot++) {
            if (!row.isNull(slot)) {
                boolean isInt = slot >= 5;
                Object number = isInt ? (Object) (int) row.getLong(slot) : (Object) row.getLong(slot);
                record.set(slot, row.getString(slot) != null ? row.getString(slot) : number);
            }
        }
        record.setField("_topic", topic);
        record.setField("_partition", partition);
        record.setField("_offset", offset);
        record.setField("_timestamp", 5L);
        record.setField("_rejected", rejected);
        return record;
    }
}
