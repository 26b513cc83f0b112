package dev.tidewheel.history.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** Writes files that take the place of others. */
final class RawFileWriter {
    private RawFileWriter() {}

    /** A file in the partition of another one; whoever opens it closes it. */
    static DataWriter<Record> open(Table table, FileScanTask place, String location) {
        try {
            return Parquet.writeData(table.io().newOutputFile(location))
                    .forTable(table)
                    .createWriterFunc(GenericParquetWriter::create)
                    .withSpec(place.spec())
                    .withPartition(place.file().partition())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + location, e);
        }
    }
}
