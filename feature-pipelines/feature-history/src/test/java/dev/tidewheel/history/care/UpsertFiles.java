package dev.tidewheel.history.care;

import java.io.IOException;
import java.util.Collection;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types.NestedField;

/** Commits to a table as Flink's writer does it in a checkpoint: what is written is first deleted, by its key, from what was before. */
public final class UpsertFiles {
    private UpsertFiles() {}

    /** @param key the columns of the key */
    public static void commit(Table table, Collection<Record> records, String... key) throws IOException {
        Schema keys = table.schema().select(key);
        EqualityDeleteWriter<Record> deletes = Parquet.writeDeletes(table.io().newOutputFile(file(table)))
                .forTable(table)
                .rowSchema(keys)
                .createWriterFunc(GenericParquetWriter::create)
                .overwrite()
                .equalityFieldIds(
                        keys.columns().stream().mapToInt(NestedField::fieldId).toArray())
                .buildEqualityWriter();
        DataWriter<Record> data = Parquet.writeData(table.io().newOutputFile(file(table)))
                .forTable(table)
                .createWriterFunc(GenericParquetWriter::create)
                .build();
        try (deletes;
                data) {
            for (Record record : records) {
                Record deleted = GenericRecord.create(keys);
                keys.columns().forEach(column -> deleted.setField(column.name(), record.getField(column.name())));
                deletes.write(deleted);
                data.write(record);
            }
        }
        table.newRowDelta()
                .addRows(data.toDataFile())
                .addDeletes(deletes.toDeleteFile())
                .commit();
    }

    static String file(Table table) {
        return table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet");
    }
}
