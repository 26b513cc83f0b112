package dev.tidewheel.history.warehouse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** Files of raw tables, laid out as the feature job lays them out. */
public final class RawFiles {
    private RawFiles() {}

    /** As for a source of several topics. */
    public static PartitionSpec byPartition(Schema schema) {
        return PartitionSpec.builderFor(schema)
                .identity("_partition")
                .identity("_topic")
                .build();
    }

    /** One snapshot, with one file per partition; the rows of each keep their order. */
    public static void append(Table table, List<Record> rows) throws IOException {
        AppendFiles append = table.newAppend();
        for (DataFile file : write(table, rows)) {
            append.appendFile(file);
        }
        append.commit();
    }

    /** Files that nobody names yet. */
    public static List<DataFile> write(Table table, List<Record> rows) throws IOException {
        Map<PartitionKey, List<Record>> byPartition = new LinkedHashMap<>();
        PartitionKey key = new PartitionKey(table.spec(), table.schema());
        for (Record row : rows) {
            key.partition(row);
            byPartition.computeIfAbsent(key.copy(), unseen -> new ArrayList<>()).add(row);
        }
        List<DataFile> files = new ArrayList<>();
        for (Map.Entry<PartitionKey, List<Record>> part : byPartition.entrySet()) {
            files.add(file(table, part.getKey(), part.getValue()));
        }
        return files;
    }

    private static DataFile file(Table table, PartitionKey partition, List<Record> rows) throws IOException {
        String location =
                table.locationProvider().newDataLocation(table.spec(), partition, UUID.randomUUID() + ".parquet");
        DataWriter<Record> writer = Parquet.writeData(table.io().newOutputFile(location))
                .forTable(table)
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(table.spec())
                .withPartition(partition)
                .build();
        try (writer) {
            rows.forEach(writer::write);
        }
        return writer.toDataFile();
    }
}
