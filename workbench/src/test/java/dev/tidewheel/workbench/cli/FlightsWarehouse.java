package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.care.RowErasure;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.PartitionKey;
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

/** A warehouse whose raw table of flights is laid out as the feature job does. */
final class FlightsWarehouse {
    static final long START = Instant.parse("2001-01-08T00:00:00Z").toEpochMilli();

    private static final long MINUTE = 60_000;
    private static final TableIdentifier RAW = TableIdentifier.of("raw", "flights");
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

    private final WarehouseConfig config;
    private final Random random = new Random(5);
    private int written;

    private FlightsWarehouse(WarehouseConfig config) {
        this.config = config;
    }

    static FlightsWarehouse create(Path folder) {
        WarehouseConfig config =
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        try (Warehouse warehouse = Warehouse.open(config)) {
            warehouse.catalog().createNamespace(Namespace.of("raw"));
            PartitionSpec spec = PartitionSpec.builderFor(SCHEMA)
                    .identity("_partition")
                    .identity("_topic")
                    .build();
            warehouse.catalog().createTable(RAW, SCHEMA, spec);
        }
        return new FlightsWarehouse(config);
    }

    /** What names it on a command line. */
    List<String> options() {
        return List.of("--warehouse", config.path().toString(), "--catalog", config.catalog());
    }

    Warehouse open() {
        return Warehouse.open(config);
    }

    /** Flights every 20 minutes, to one of four destinations, in one snapshot. */
    void append(int flights) throws IOException {
        try (Warehouse warehouse = open()) {
            Table table = warehouse.catalog().loadTable(RAW);
            PartitionKey partition = new PartitionKey(table.spec(), SCHEMA);
            partition.partition(flight(0));
            DataWriter<Record> writer = Parquet.writeData(table.io()
                            .newOutputFile(table.locationProvider()
                                    .newDataLocation(table.spec(), partition, UUID.randomUUID() + ".parquet")))
                    .forTable(table)
                    .createWriterFunc(GenericParquetWriter::create)
                    .withSpec(table.spec())
                    .withPartition(partition)
                    .build();
            try (writer) {
                for (int i = 0; i < flights; i++) {
                    writer.write(flight(written++));
                }
            }
            table.newAppend().appendFile(writer.toDataFile()).commit();
        }
    }

    private Record flight(int id) {
        Record flight = GenericRecord.create(SCHEMA);
        flight.setField("flight_id", (long) id);
        flight.setField("date", START + id * 20 * MINUTE);
        flight.setField("landing", START + id * 20 * MINUTE + 75 * MINUTE);
        flight.setField("origin", random.nextBoolean() ? "ORD" : "LAX");
        flight.setField("destination", "D" + random.nextInt(4));
        flight.setField("distance", 300);
        flight.setField("delay", random.nextInt(60) - 20);
        flight.setField("_topic", "flights");
        flight.setField("_partition", 0);
        flight.setField("_offset", (long) id);
        flight.setField("_timestamp", START);
        return flight;
    }

    /** Lets every snapshot go that no tag names. */
    void expire() {
        try (Warehouse warehouse = open()) {
            warehouse
                    .catalog()
                    .loadTable(RAW)
                    .expireSnapshots()
                    .expireOlderThan(Long.MAX_VALUE)
                    .retainLast(1)
                    .commit();
        }
    }

    /** Empties the rows of a destination, and says how many. */
    long erase(String destination) {
        try (Warehouse warehouse = open()) {
            return RowErasure.of(
                            warehouse.catalog().loadTable(RAW),
                            new TreeMap<>(Map.of("destination", destination)),
                            false)
                    .orElseThrow()
                    .erase()
                    .rows();
        }
    }
}
