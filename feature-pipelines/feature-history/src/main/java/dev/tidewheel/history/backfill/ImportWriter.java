package dev.tidewheel.history.backfill;

import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.backfill.ForeignRows.Judged;
import dev.tidewheel.runtime.warehouse.RawSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/** Writes an import's rows into files of its partition, by ascending offsets. Nobody sees them before they are committed. */
final class ImportWriter {
    private static final int ROWS_PER_FILE = 2_000_000;

    private final Table table;
    private final Source source;
    private final Imported imported;
    private final Record empty;
    private final List<DataFile> files = new ArrayList<>();
    private @Nullable DataWriter<Record> open;
    private int inFile;

    ImportWriter(Table table, Source source, Imported imported) {
        this.table = table;
        this.source = source;
        this.imported = imported;
        this.empty = GenericRecord.create(table.schema());
    }

    /** @param timestamp by when it was known, as Kafka would have told */
    void write(long offset, long timestamp, Judged judged) throws IOException {
        Record record = empty.copy();
        fill(record, judged.row());
        record.setField(RawSchema.TOPIC, source.only().topic());
        record.setField(RawSchema.PARTITION, imported.partition());
        record.setField(RawSchema.OFFSET, offset);
        record.setField(RawSchema.TIMESTAMP, timestamp);
        if (judged.refused() != null) {
            record.setField(RawSchema.REJECTED, judged.refused().name());
        }
        if (inFile == ROWS_PER_FILE) {
            close();
        }
        if (open == null) {
            open = open(record);
        }
        open.write(record);
        inFile++;
    }

    private void fill(Record record, Row row) {
        RowSchema columns = source.columns();
        for (int slot = 0; slot < columns.size(); slot++) {
            if (!row.isNull(slot)) {
                record.setField(columns.column(slot).name(), value(row, slot, columns.column(slot)));
            }
        }
    }

    private static @Nullable Object value(Row row, int slot, Column column) {
        return switch (column.type()) {
            case STRING, JSON -> row.getString(slot);
            case FLOAT64 -> row.getDouble(slot);
            case BOOL -> row.getBoolean(slot);
            case INT64, TIMESTAMP -> row.getLong(slot);
        };
    }

    private DataWriter<Record> open(Record first) throws IOException {
        PartitionKey partition = new PartitionKey(table.spec(), table.schema());
        partition.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(first));
        String location = table.locationProvider()
                .newDataLocation(table.spec(), partition, "import-" + UUID.randomUUID() + ".parquet");
        return Parquet.writeData(table.io().newOutputFile(location))
                .forTable(table)
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(table.spec())
                .withPartition(partition)
                .build();
    }

    private void close() throws IOException {
        if (open != null) {
            open.close();
            files.add(open.toDataFile());
            open = null;
            inFile = 0;
        }
    }

    /** All files, ready to be committed. */
    List<DataFile> complete() throws IOException {
        close();
        return List.copyOf(files);
    }

    /** Removes what was written and surely not committed; one that is still open is left for table care. */
    void discard() {
        files.forEach(file -> table.io().deleteFile(file.location()));
    }
}
