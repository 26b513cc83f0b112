package dev.tidewheel.history.values;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.spill.Spilling;
import dev.tidewheel.history.warehouse.RawTable;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A raw table of 90 days, a question for every twentieth event, four windows with a count and a sum each, and two percent
 * of everything on one key. {@code -Dtidewheel.events=20000000} makes it large; tests have a gigabyte of heap.
 */
class PastValuesAtScaleTest {
    private static final int EVENTS = Integer.getInteger("tidewheel.events", 60_000);
    private static final int QUESTIONS = EVENTS / 20;
    private static final int KEYS = EVENTS / 100;
    private static final int FILES = 12;
    private static final int CHECKED = 300;
    private static final long HOUR = 3_600_000;
    private static final long START = 978_912_000_000L;
    private static final long SPAN = 90 * 24 * HOUR;

    private static final RowSchema SOURCE = new RowSchema(List.of(
            new Column("k", ColumnType.INT64),
            new Column("happened", ColumnType.TIMESTAMP),
            new Column("v", ColumnType.INT64)));
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.optional(1, "k", Types.LongType.get()),
            Types.NestedField.optional(2, "happened", Types.LongType.get()),
            Types.NestedField.optional(3, "v", Types.LongType.get()),
            Types.NestedField.required(4, "_topic", Types.StringType.get()),
            Types.NestedField.required(5, "_partition", Types.IntegerType.get()),
            Types.NestedField.required(6, "_offset", Types.LongType.get()),
            Types.NestedField.required(7, "_timestamp", Types.LongType.get()),
            Types.NestedField.optional(8, "_rejected", Types.StringType.get()));

    @TempDir
    private Path folder;

    @Test
    void asManyAsAreAsked() throws Exception {
        ViewPlan plan = plan();
        WarehouseConfig config =
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        try (Warehouse warehouse = Warehouse.open(config)) {
            write(warehouse);
            RawTable table = warehouse.raw("events");
            SourceColumns columns = new SourceColumns("events", SOURCE, "happened", Optional.empty(), Optional.empty());
            PastValues.View view = new PastValues.View(
                    plan, table.scan(columns, table.newestSnapshot().orElseThrow()), KnownTimes.REAL);
            long start = System.nanoTime();
            try (PastValues values = new PastValues(List.of(view), 0, 2, Spilling.into(folder))) {
                for (int rank = 0; rank < QUESTIONS; rank++) {
                    values.ask(moment(rank), List.of(Long.toString(key(~rank))));
                }
                values.answer((done, total) -> {});
                compare(plan, values, start);
            }
        }
    }

    private static void compare(ViewPlan plan, PastValues values, long start) throws IOException {
        Map<Integer, FeatureValues> found = new HashMap<>();
        int step = Math.max(1, QUESTIONS / CHECKED);
        for (int rank = 0; rank < QUESTIONS; rank++) {
            FeatureValues answer = values.next().get(0);
            if (rank % step == 0) {
                found.put(rank, answer);
            }
        }
        System.out.printf(
                "%,d events, %,d questions: %.1f s, heap of %,d MB%n",
                EVENTS,
                QUESTIONS,
                (System.nanoTime() - start) / 1e9,
                Runtime.getRuntime().maxMemory() >> 20);
        Map<Long, List<Change>> changes = changes(found.keySet());
        found.forEach((rank, answer) -> {
            long t = moment(rank);
            List<Change> ofKey = changes.getOrDefault(key(~rank), List.of());
            boolean known = !ofKey.isEmpty() && ofKey.get(0).visibleAt() <= t;
            FeatureValues expected = known
                    ? new NaiveOracle(plan, ofKey)
                            .valuesAt(t, index -> ofKey.get(index).visibleAt() <= t)
                    : NaiveOracle.absent(plan);
            assertThat(answer.row()).as("question %d", rank).isEqualTo(expected.row());
        });
    }

    /** The changes of the keys that some questions ask about. */
    private static Map<Long, List<Change>> changes(Iterable<Integer> ranks) {
        Map<Long, List<Change>> changes = new HashMap<>();
        for (int rank : ranks) {
            changes.put(key(~rank), new ArrayList<>());
        }
        for (int event = 0; event < EVENTS; event++) {
            List<Change> ofKey = changes.get(key(event));
            if (ofKey != null) {
                Row row = new Row(3)
                        .setLong(0, key(event))
                        .setLong(1, happened(event))
                        .setLong(2, value(event));
                EventId id = EventId.of("events", 0, event);
                ofKey.add(new Change(false, id, happened(event), happened(event) + 50, row));
            }
        }
        return changes;
    }

    private static void write(Warehouse warehouse) throws IOException {
        warehouse.catalog().createNamespace(Namespace.of("raw"));
        Table table = warehouse
                .catalog()
                .createTable(TableIdentifier.of("raw", "events"), SCHEMA, PartitionSpec.unpartitioned());
        for (int file = 0; file < FILES; file++) {
            DataWriter<Record> writer = Parquet.writeData(
                            table.io().newOutputFile(table.location() + "/data/" + file + ".parquet"))
                    .schema(SCHEMA)
                    .createWriterFunc(GenericParquetWriter::create)
                    .withSpec(PartitionSpec.unpartitioned())
                    .build();
            try (writer) {
                Record record = GenericRecord.create(SCHEMA);
                record.setField("_topic", "events");
                record.setField("_partition", 0);
                int end = (int) (EVENTS * (file + 1L) / FILES);
                for (int event = (int) (EVENTS * (long) file / FILES); event < end; event++) {
                    record.set(0, key(event));
                    record.set(1, happened(event));
                    record.set(2, value(event));
                    record.set(5, (long) event);
                    record.set(6, happened(event) + 50);
                    writer.write(record);
                }
            }
            table.newAppend().appendFile(writer.toDataFile()).commit();
        }
    }

    private static long happened(int event) {
        return START + event * SPAN / EVENTS;
    }

    private static long moment(int rank) {
        return START + SPAN / 3 + rank * (SPAN * 2 / 3) / QUESTIONS;
    }

    private static long key(int number) {
        return number % 50 == 0 ? 0 : 1 + Math.floorMod(mixed(number), KEYS - 1);
    }

    private static long value(int event) {
        return Math.floorMod(mixed(event + 7), 1_000);
    }

    private static long mixed(long number) {
        long hash = number * 0x9E3779B97F4A7C15L;
        return (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L >>> 16;
    }

    private static ViewPlan plan() {
        List<FeatureSpec> features = new ArrayList<>();
        for (long hours : new long[] {1, 24, 7 * 24, 30 * 24}) {
            Window window = new Window.Sliding(hours * HOUR, hours * HOUR / 12);
            features.add(feature("count_" + hours, "count", Optional.empty(), window));
            features.add(feature("sum_" + hours, "sum", Optional.of("v"), window));
        }
        return ViewPlan.compile(
                new ViewSpec("v", List.of("k"), Optional.empty(), List.of(), features, 48 * HOUR, HOUR, 10_000, 64),
                SOURCE);
    }

    private static FeatureSpec feature(String name, String aggregate, Optional<String> of, Window window) {
        return new FeatureSpec(name, aggregate, Map.of(), of, Optional.empty(), window);
    }
}
