package dev.tidewheel.history.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.RecordTime;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.RandomChangeStream;
import dev.tidewheel.feature.change.RandomChangeStream.Told;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.replay.KeyPlayer;
import dev.tidewheel.feature.replay.StatePlayer;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.scan.ChangeBatch;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.ChangeStream;
import dev.tidewheel.history.source.Coverage;
import dev.tidewheel.history.source.EventIds;
import dev.tidewheel.history.source.KeyIndex;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The raw table of a change stream, as the feature job writes it, gives the changes that its records mean. */
class ChangeStreamTableTest {
    private static final int PARTITIONS = 3;

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
                .createTable(TableIdentifier.of("raw", "orders"), schema(), PartitionSpec.unpartitioned());
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void rowsBeforeAsTheyCame(long seed) throws Exception {
        List<Told> told = RandomChangeStream.random(new Random(seed), 1_000, PARTITIONS, false);
        write(new Random(seed), told);

        assertMeans(seed, told, read(List.of(), RecordTime.KAFKA), RandomChangeStream.changes(told));
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void rowsBeforeFromTheChangelog(long seed) throws Exception {
        List<Told> told = RandomChangeStream.random(new Random(seed), 1_000, PARTITIONS, true);
        write(new Random(seed), told.stream().map(Told::keysOnly).toList());

        assertMeans(seed, told, read(List.of("id"), RecordTime.KAFKA), RandomChangeStream.normalised(told));
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 9})
    void whatIsReadThroughIsTheSame(long seed) throws Exception {
        List<Told> told = RandomChangeStream.random(new Random(seed), 1_000, PARTITIONS, false);
        write(new Random(seed), told);
        SourceColumns columns = columns(List.of(), RecordTime.KAFKA);
        RawTable raw = warehouse.raw("orders");
        ChangeScan scan = raw.scan(columns, raw.newestSnapshot().orElseThrow());
        Set<Change> found = new HashSet<>(); // A record that was written twice comes twice.
        for (int share = 0; share < 2; share++) {
            scan.scan(ScanFilter.of(Set.of("place", "amount")), new Share(share, 2), batch -> {
                EventIds ids = new EventIds(columns, batch.channels());
                for (int record = 0; record < batch.size(); record++) {
                    if (batch.isChange(record)) {
                        found.add(change(batch, record, ids));
                    }
                }
            });
        }

        assertThat(found).containsExactlyInAnyOrderElementsOf(RandomChangeStream.changes(told));
    }

    private static Change change(ChangeBatch batch, int record, EventIds ids) {
        Row row = new Row(RandomChangeStream.COLUMNS.size());
        for (int slot = 0; slot < row.size(); slot++) {
            batch.column(slot).copy(record, row, slot);
        }
        return new Change(
                batch.isRetraction(record),
                ids.position(batch.channel(record), batch.offset(record)),
                batch.eventTime(record),
                batch.knownTime(record),
                row);
    }

    @Test
    void aChangeIsKnownWhenItsOwnTimeSays() throws Exception {
        List<Told> told = RandomChangeStream.random(new Random(7), 50, PARTITIONS, false);
        write(new Random(7), told);
        ChangeHistory history = read(List.of(), RecordTime.DATABASE);

        assertThat(history.size()).isPositive();
        for (int change = 0; change < history.size(); change++) {
            int number = change;
            Told at = told.stream()
                    .filter(each ->
                            each.partition() == history.channel(number) && each.offset() == history.offset(number))
                    .findFirst()
                    .orElseThrow();
            assertThat(history.knownTime(change)).isEqualTo(at.timestamp() - 7);
        }
    }

    private static void assertMeans(long seed, List<Told> told, ChangeHistory history, List<Change> expected) {
        long[] next = new long[PARTITIONS];
        told.forEach(each -> next[each.partition()] = each.offset() + 1);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(history.coverage())
                    .as("every record once, also one that changes nothing")
                    .containsEntry(partition, new Coverage(next[partition], 0, next[partition]));
        }
        List<Change> found = new ArrayList<>();
        for (int change = 0; change < history.size(); change++) {
            found.add(history.change(change));
        }
        assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(expected).anyMatch(Change::retraction);
        Map<String, List<Change>> byPlace = RandomChangeStream.byPlace(expected);
        ViewPlan plan = RandomChangeStream.view();
        KeyIndex keys = history.keys(List.of("place"));
        assertThat(keys.keys()).containsExactlyInAnyOrderElementsOf(byPlace.keySet());
        long end = told.get(told.size() - 1).timestamp();
        byPlace.forEach((place, changes) -> {
            KeyPlayer player = new StatePlayer(plan, history.block(keys.changes(keys.number(place))));
            NaiveOracle oracle = new NaiveOracle(plan, changes);
            for (long t = RandomChangeStream.START; t < end + 3 * RandomChangeStream.DAY; t += 7_000_001) {
                FeatureValues values = player.read(t, t);
                FeatureValues naive = oracle.valuesAt(t);
                if (values.statuses()[0] != dev.tidewheel.feature.view.Status.NOT_FOUND.code()) {
                    assertThat(values.row())
                            .as("%s at %d, seed %d", place, t, seed)
                            .isEqualTo(naive.row());
                    assertThat(values.statuses()).isEqualTo(naive.statuses());
                    assertThat(values.row().getLong(plan.features().slot("orders")))
                            .isEqualTo(RandomChangeStream.rows(changes, t))
                            .isNotNegative();
                }
            }
        });
    }

    private ChangeHistory read(List<String> key, RecordTime time) {
        return warehouse.raw("orders").readNewest(columns(key, time));
    }

    private static SourceColumns columns(List<String> key, RecordTime time) {
        return new SourceColumns(
                "orders",
                RandomChangeStream.COLUMNS,
                "at",
                Optional.empty(),
                Optional.empty(),
                Optional.of(new ChangeStream(time, key)));
    }

    private static Schema schema() {
        List<Types.NestedField> fields = new ArrayList<>(columns(1, ""));
        fields.add(Types.NestedField.required(6, "_topic", Types.StringType.get()));
        fields.add(Types.NestedField.required(7, "_partition", Types.IntegerType.get()));
        fields.add(Types.NestedField.required(8, "_offset", Types.LongType.get()));
        fields.add(Types.NestedField.required(9, "_timestamp", Types.LongType.get()));
        fields.add(Types.NestedField.optional(10, "_rejected", Types.StringType.get()));
        fields.add(Types.NestedField.optional(11, "_op", Types.StringType.get()));
        fields.add(Types.NestedField.optional(12, "_ts_ms", Types.LongType.get()));
        fields.add(Types.NestedField.optional(13, "_source_ts_ms", Types.LongType.get()));
        fields.addAll(columns(14, "_before_"));
        return new Schema(fields);
    }

    private static List<Types.NestedField> columns(int id, String prefix) {
        return List.of(
                Types.NestedField.optional(id, prefix + "id", Types.LongType.get()),
                Types.NestedField.optional(id + 1, prefix + "at", Types.LongType.get()),
                Types.NestedField.optional(id + 2, prefix + "place", Types.StringType.get()),
                Types.NestedField.optional(id + 3, prefix + "amount", Types.DoubleType.get()),
                Types.NestedField.optional(id + 4, prefix + "note", Types.StringType.get()));
    }

    /** Several files in any order, and some records twice, as after a restart. */
    private void write(Random random, List<Told> told) throws IOException {
        List<Told> rows = new ArrayList<>(told);
        rows.addAll(told.subList(told.size() / 3, told.size() / 2));
        Collections.shuffle(rows, random);
        int third = rows.size() / 3;
        append(rows.subList(0, third));
        append(rows.subList(third, rows.size()));
    }

    private void append(List<Told> rows) throws IOException {
        String file = table.location() + "/data/" + files++ + ".parquet";
        DataWriter<Record> writer = Parquet.writeData(table.io().newOutputFile(file))
                .schema(schema())
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(PartitionSpec.unpartitioned())
                .build();
        try (writer) {
            for (Told each : rows) {
                writer.write(record(each));
            }
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
    }

    private static Record record(Told told) {
        Record record = GenericRecord.create(schema());
        set(record, "", told.after());
        set(record, "_before_", told.before());
        record.setField("_topic", RandomChangeStream.TOPIC);
        record.setField("_partition", told.partition());
        record.setField("_offset", told.offset());
        record.setField("_timestamp", told.timestamp());
        record.setField("_op", told.operation().word());
        record.setField("_ts_ms", told.timestamp() - 3);
        record.setField("_source_ts_ms", told.timestamp() - 7);
        return record;
    }

    private static void set(Record record, String prefix, Row row) {
        for (String name : Arrays.asList("id", "at", "place", "amount", "note")) {
            int slot = RandomChangeStream.COLUMNS.slot(name);
            if (row != null && !row.isNull(slot)) {
                Object value = row.getString(slot) != null
                        ? row.getString(slot)
                        : name.equals("amount") ? (Object) row.getDouble(slot) : (Object) row.getLong(slot);
                record.setField(prefix + name, value);
            }
        }
    }
}
