package dev.tidewheel.jobs.raw;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.log.KeptLog;
import dev.tidewheel.jobs.source.KeptRecord;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.jobs.source.SourceRecordDeserializer;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.warehouse.RawSchema;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.flink.util.function.SerializableSupplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.flink.data.FlinkParquetWriters;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** The raw table of a source, written as the job does it but without a cluster, and read back. */
final class KeptTable {
    private final SourceLayout layout;
    private final SerializableSupplier<RowSchema> columns;
    private final WarehouseConfig warehouse;
    private final SourceRecordDeserializer deserializer;
    private final List<List<ConsumerRecord<byte[], byte[]>>> files = new ArrayList<>();

    /** @param folder of the warehouse */
    KeptTable(SourceLayout layout, SerializableSupplier<RowSchema> columns, Path folder) {
        this.layout = layout;
        this.columns = columns;
        this.warehouse =
                new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        this.deserializer = new SourceRecordDeserializer(layout, columns, null, ErasedEntities.NONE);
        deserializer.open(new InitializationContext() {
            @Override
            public MetricGroup getMetricGroup() {
                return new UnregisteredMetricsGroup();
            }

            @Override
            public UserCodeClassLoader getUserCodeClassLoader() {
                return SimpleUserCodeClassLoader.create(KeptTable.class.getClassLoader());
            }
        });
    }

    /** A record as a consumer gives it. */
    static ConsumerRecord<byte[], byte[]> inKafka(
            TopicPartition at, long offset, long timestamp, byte[] key, byte[] value) {
        return new ConsumerRecord<>(
                at.topic(),
                at.partition(),
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    SourceRecord decode(ConsumerRecord<byte[], byte[]> record) throws IOException {
        List<SourceRecord> decoded = new ArrayList<>();
        deserializer.deserialize(record, new ListCollector<>(decoded));
        return decoded.get(0);
    }

    /** One more file, to be committed with the others; its records are of one partition. */
    void add(List<ConsumerRecord<byte[], byte[]>> file) {
        files.add(List.copyOf(file));
    }

    /** Creates the table with all files. */
    void commit() throws Exception {
        Schema schema = RawSchema.of(columns.get(), layout.isOfChanges());
        RawTable.ensure(warehouse, layout.source(), layout.channels(), false, schema);
        try (TableLoader loader = RawTable.loader(warehouse, layout.source())) {
            loader.open();
            Table table = loader.loadTable();
            AppendFiles append = table.newAppend();
            for (List<ConsumerRecord<byte[], byte[]>> file : files) {
                append.appendFile(write(table, file));
            }
            append.commit();
        }
    }

    private DataFile write(Table table, List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
        int[] places = IntStream.range(0, table.schema().columns().size()).toArray();
        RawRows rows = new RawRows(layout.channels(), columns, layout.isOfChanges(), Map.of(), places);
        rows.open(new OpenContext() {});
        List<RowData> written = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            rows.flatMap(decode(record), new ListCollector<>(written));
        }
        PartitionData key = new PartitionData(table.spec().partitionType());
        key.set(0, records.get(0).partition());
        if (key.size() > 1) {
            key.set(1, records.get(0).topic());
        }
        DataWriter<RowData> writer = Parquet.writeData(
                        table.io().newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet"))
                .schema(table.schema())
                .withSpec(table.spec())
                .withPartition(key)
                .createWriterFunc(
                        type -> FlinkParquetWriters.buildWriter(FlinkSchemaUtil.convert(table.schema()), type))
                .build();
        try (writer) {
            written.forEach(writer::write);
        }
        return writer.toDataFile();
    }

    /** Table care at work: every file has another name now, and none is there by its old one. */
    void moveFiles() throws Exception {
        try (TableLoader loader = RawTable.loader(warehouse, layout.source())) {
            loader.open();
            Table table = loader.loadTable();
            Set<DataFile> old = new HashSet<>();
            Set<DataFile> moved = new HashSet<>();
            try (CloseableIterable<FileScanTask> tasks =
                    table.newScan().includeColumnStats().planFiles()) {
                for (FileScanTask task : tasks) {
                    Path file = Path.of(URI.create(task.file().location()).getPath());
                    Path other = file.resolveSibling("moved-" + file.getFileName());
                    Files.copy(file, other);
                    old.add(task.file());
                    moved.add(DataFiles.builder(table.spec())
                            .copy(task.file())
                            .withPath(other.toString())
                            .build());
                }
            }
            table.newRewrite().rewriteFiles(old, moved).commit();
            for (DataFile file : old) {
                table.io().deleteFile(file.location());
            }
        }
    }

    RawLog log() {
        return RawLog.of(warehouse, layout, columns);
    }

    /** What a reader makes of a partition. */
    List<SourceRecord> read(RawLog log, TopicPartition partition, long from) throws IOException {
        List<SourceRecord> records = new ArrayList<>();
        try (KeptLog.Reading reading = log.read(partition, from)) {
            for (KeptRecord record = reading.next(); record != null; record = reading.next()) {
                records.add(decode(record));
            }
        }
        return records;
    }
}
