package dev.tidewheel.history.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Coverage;
import dev.tidewheel.history.source.Position;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawTableTest {
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

    @TempDir
    private Path folder;

    private Warehouse warehouse;
    private Table table;
    private int files;

    @BeforeEach
    void open() {
        warehouse = Warehouse.open(
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db")));
        warehouse.catalog().createNamespace(Namespace.of("raw"));
        table = warehouse
                .catalog()
                .createTable(TableIdentifier.of("raw", "flights"), SCHEMA, PartitionSpec.unpartitioned());
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @Test
    void aSnapshotIsReadAsItWas() throws Exception {
        List<Row> rows = Flights.randomRows(new Random(3), 200);
        append(rows.subList(0, 100), 0, null);
        long pinned = warehouse.raw("flights").newestSnapshot().orElseThrow();
        append(rows.subList(100, rows.size()), 100, null);

        ChangeHistory then = warehouse.raw("flights").read(Flights.COLUMNS, pinned);
        ChangeHistory now = warehouse.raw("flights").readNewest(Flights.COLUMNS);

        assertThat(then.size()).isEqualTo(100);
        assertThat(now.size()).isEqualTo(rows.size());
        assertThat(now.row(0)).isEqualTo(rows.get(Math.toIntExact(now.offset(0))));
        assertThat(now.position(0)).isEqualTo(new Position("flights", 2, now.offset(0)));
        for (int change = 1; change < now.size(); change++) {
            assertThat(now.visibleAt(change)).isGreaterThanOrEqualTo(now.visibleAt(change - 1));
        }
    }

    @Test
    void whatWasWrittenTwiceCountsOnceAndWhatWasRejectedIsNoChange() throws Exception {
        List<Row> rows = Flights.randomRows(new Random(3), 50);
        append(rows.subList(0, 30), 0, null);
        append(rows.subList(20, 40), 20, null);
        append(List.of(new Row(Flights.SCHEMA.size())), 40, "UNDECODABLE");

        ChangeHistory history = warehouse.raw("flights").readNewest(Flights.COLUMNS);

        assertThat(history.size()).isEqualTo(40);
        assertThat(history.coverage()).containsOnlyKeys(2).containsEntry(2, new Coverage(41, 0, 41));
        assertThat(history.coverage().get(2).isContiguous()).isTrue();
    }

    @Test
    void aTagKeepsASnapshotFromExpiring() throws Exception {
        append(Flights.randomRows(new Random(3), 10), 0, null);
        RawTable raw = warehouse.raw("flights");
        long pinned = raw.newestSnapshot().orElseThrow();
        raw.tag("training-1", pinned);
        raw.tag("training-1", pinned);
        append(Flights.randomRows(new Random(4), 10), 100, null);

        table.refresh();
        table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();

        assertThat(warehouse.raw("flights").read(Flights.COLUMNS, pinned).size())
                .isGreaterThanOrEqualTo(10);
        long newest = warehouse.raw("flights").newestSnapshot().orElseThrow();
        assertThatThrownBy(() -> warehouse.raw("flights").tag("training-1", newest))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("names snapshot " + pinned);
    }

    @Test
    void aSnapshotThatIsGoneIsSaidToBe() {
        assertThatThrownBy(() -> warehouse.raw("flights").read(Flights.COLUMNS, 42))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("raw.flights has no snapshot 42");
        assertThat(warehouse.raw("flights").readNewest(Flights.COLUMNS).size()).isZero();
        assertThat(warehouse.rawSources()).containsExactly("flights");
    }

    /** All in partition 2. */
    private void append(List<Row> rows, long firstOffset, String rejected) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(
                        table.io().newOutputFile(table.location() + "/data/" + files++ + ".parquet"))
                .schema(SCHEMA)
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(PartitionSpec.unpartitioned())
                .build();
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            records.add(record(rows.get(i), firstOffset + i, rejected));
        }
        try (writer) {
            records.forEach(writer::write);
        }
        DataFile file = writer.toDataFile();
        table.newAppend().appendFile(file).commit();
    }

    private static Record record(Row row, long offset, String rejected) {
        Record record = GenericRecord.create(SCHEMA);
        for (int slot = 0; slot < row.size(); slot++) {
            if (!row.isNull(slot)) {
                boolean isInt = slot >= 5;
                Object number = isInt ? (Object) (int) row.getLong(slot) : (Object) row.getLong(slot);
                record.set(slot, row.getString(slot) != null ? row.getString(slot) : number);
            }
        }
        record.setField("_topic", "flights");
        record.setField("_partition", 2);
        record.setField("_offset", offset);
        record.setField("_timestamp", 5L);
        record.setField("_rejected", rejected);
        return record;
    }
}
