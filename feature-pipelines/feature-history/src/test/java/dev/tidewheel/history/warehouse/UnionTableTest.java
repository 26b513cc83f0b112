package dev.tidewheel.history.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.replay.KeyPlayer;
import dev.tidewheel.feature.replay.StatePlayer;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.books.Books;
import dev.tidewheel.history.books.Equation;
import dev.tidewheel.history.oracle.KeyOracle;
import dev.tidewheel.history.oracle.ViewOracle;
import dev.tidewheel.history.served.Cut;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Coverage;
import dev.tidewheel.history.source.KeyIndex;
import dev.tidewheel.history.source.Position;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.records.ViewCut;
import dev.tidewheel.records.ViewLineage;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The raw table of a union, as the feature job writes it, gives the changes of both topics, and the cuts name both. */
class UnionTableTest {
    private static final int PARTITIONS = 2;
    private static final long START = 981_000_000_000L;
    private static final int DAY = 86_400_000;
    private static final Definitions ENGINE =
            Definitions.load(Path.of("../../examples/engine")).orThrow();
    private static final Source PAYMENTS = ENGINE.source("payments");
    private static final Channels CHANNELS = PAYMENTS.channels();
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.optional(1, "customer", Types.LongType.get()),
            Types.NestedField.optional(2, "amount", Types.DoubleType.get()),
            Types.NestedField.optional(3, "paid_with", Types.StringType.get()),
            Types.NestedField.optional(4, "_source", Types.StringType.get()),
            Types.NestedField.optional(5, "_event_time", Types.LongType.get()),
            Types.NestedField.optional(6, "_known_time", Types.LongType.get()),
            Types.NestedField.optional(7, "_event_id", Types.StringType.get()),
            Types.NestedField.required(8, "_topic", Types.StringType.get()),
            Types.NestedField.required(9, "_partition", Types.IntegerType.get()),
            Types.NestedField.required(10, "_offset", Types.LongType.get()),
            Types.NestedField.required(11, "_timestamp", Types.LongType.get()),
            Types.NestedField.optional(12, "_rejected", Types.StringType.get()),
            Types.NestedField.optional(13, "_key", Types.BinaryType.get()),
            Types.NestedField.optional(14, "_value", Types.BinaryType.get()));

    @TempDir
    private Path folder;

    private Warehouse warehouse;
    private Table table;

    /** A record; one without a change was rejected. */
    private record Told(int channel, long offset, Change change) {
        String topic() {
            return CHANNELS.topic(channel);
        }
    }

    @BeforeEach
    void open() {
        warehouse = Warehouse.open(
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db")));
        warehouse.catalog().createNamespace(Namespace.of("raw"));
        table = warehouse
                .catalog()
                .createTable(TableIdentifier.of("raw", "payments"), SCHEMA, RawFiles.byPartition(SCHEMA));
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theChangesAreThoseOfBothTopics(long seed) throws Exception {
        Random random = new Random(seed);
        List<Told> told = random(random, 600);
        write(random, told);

        ChangeHistory history = history();

        List<Change> found =
                IntStream.range(0, history.size()).mapToObj(history::change).toList();
        assertThat(found).containsExactlyInAnyOrderElementsOf(changes(told));
        Map<Integer, Long> ends = ends(told);
        ends.forEach(
                (channel, end) -> assertThat(history.coverage()).containsEntry(channel, new Coverage(end, 0, end)));
        assertThat(new Books().source(history, ends).equations())
                .allMatch(Equation::holds)
                .extracting(Equation::name)
                .contains("source payments, partition wallet_payments-1");
        for (int change = 0; change < history.size(); change++) {
            Position at = history.position(change);
            assertThat(CHANNELS.channel(at.topic(), at.partition())).isEqualTo(history.channel(change));
        }
        assertReplay(history, told);
    }

    /** What training sees is what the oracle makes of what both topics told. */
    private static void assertReplay(ChangeHistory history, List<Told> told) {
        ViewPlan plan = ENGINE.viewPlan("spending");
        KeyIndex keys = history.keys(List.of("customer"));
        byCustomer(changes(told)).forEach((customer, changes) -> {
            KeyPlayer player = new StatePlayer(plan, history.block(keys.changes(keys.number(customer))));
            NaiveOracle oracle = new NaiveOracle(plan, changes);
            for (long t = START + DAY / 2; t < START + 2L * DAY; t += 3_333_333) {
                assertThat(player.read(t, t).row()).isEqualTo(oracle.valuesAt(t).row());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void aCutContainsOfEachTopicWhatItsFrontierSays(long seed) throws Exception {
        Random random = new Random(seed);
        List<Told> told = random(random, 600);
        write(random, told);
        ChangeHistory history = history();
        Map<Integer, Long> some = new TreeMap<>();
        ends(told).forEach((channel, end) -> some.put(channel, (long) random.nextInt(end.intValue())));
        FrontierIndex frontiers = new FrontierIndex();
        frontiers.add(frontier(some));

        Cut cut = frontiers
                .find(new ViewCut("spending", 1L, 5L, 0, 1L, 0L, 0L), history.channels())
                .orElseThrow();

        assertThat(cut.byTopic()).isEqualTo(CHANNELS.byTopic(some));
        assertThat(cut.exceeds(history.coverage())).isFalse();
        assertThat(Cut.of(CHANNELS, Map.of(CHANNELS.channel(1, 1), 1_000_000L)).exceeds(history.coverage()))
                .as("not committed yet")
                .isTrue();
        ViewPlan plan = ENGINE.viewPlan("spending");
        int[] features = IntStream.range(0, plan.features().size()).toArray();
        ViewOracle oracle = new ViewOracle(new ViewRead(plan, features, List.of("customer")), history);
        List<Told> contained = told.stream()
                .filter(each -> each.offset() < some.getOrDefault(each.channel(), 0L))
                .toList();
        long t = START + DAY;
        byCustomer(changes(contained)).forEach((customer, changes) -> {
            KeyOracle ofKey = oracle.oracle(customer, t, t);
            FeatureValues expected = new NaiveOracle(plan, changes).valuesAt(t);
            assertThat(ofKey.read(cut, t).row()).isEqualTo(expected.row());
            assertThat(ofKey.read(cut, t).statuses()).isEqualTo(expected.statuses());
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {7})
    void aRecordIsFoundInItsTopic(long seed) throws Exception {
        Random random = new Random(seed);
        List<Told> told = random(random, 200);
        write(random, told);
        RawTable raw = warehouse.raw("payments");

        Map<TopicPartition, Long> next = raw.nextOffsets(raw.newestSnapshot().orElseThrow());

        ends(told)
                .forEach((channel, end) -> assertThat(next)
                        .containsEntry(new TopicPartition(CHANNELS.topic(channel), CHANNELS.partition(channel)), end));
        Told rejected =
                told.stream().filter(each -> each.change() == null).findFirst().orElseThrow();
        int partition = CHANNELS.partition(rejected.channel());
        String other = CHANNELS.topics().get(1 - CHANNELS.place(rejected.channel()));
        assertThat(raw.rejected(rejected.topic(), partition, rejected.offset()))
                .hasValueSatisfying(found -> assertThat(found.value())
                        .containsExactly(rejected.topic().length()));
        raw.rejected(other, partition, rejected.offset())
                .ifPresent(found -> assertThat(found.value()).containsExactly(other.length()));
    }

    private ChangeHistory history() {
        return warehouse.raw("payments").readNewest(SourceColumns.of(PAYMENTS));
    }

    private static List<Change> changes(List<Told> told) {
        return told.stream().map(Told::change).filter(change -> change != null).toList();
    }

    private static Map<String, List<Change>> byCustomer(List<Change> changes) {
        return changes.stream()
                .collect(Collectors.groupingBy(
                        change -> Long.toString(change.row().getLong(0))));
    }

    private static Map<Integer, Long> ends(List<Told> told) {
        Map<Integer, Long> ends = new TreeMap<>();
        told.forEach(each -> ends.merge(each.channel(), each.offset() + 1, Math::max));
        return ends;
    }

    private static Frontier frontier(Map<Integer, Long> next) {
        List<PartitionFrontier> partitions = new ArrayList<>();
        next.forEach((channel, offset) ->
                partitions.add(new PartitionFrontier(CHANNELS.topic(channel), CHANNELS.partition(channel), offset)));
        Collections.reverse(partitions);
        return Frontier.newBuilder()
                .setJob("payments")
                .setStage("customer")
                .setViews(List.of(new ViewLineage("spending", 1L)))
                .setAttempt(5)
                .setSubtask(0)
                .setParallelism(1)
                .setFirstKeyGroup(0)
                .setLastKeyGroup(127)
                .setFlush(1)
                .setPhase(FrontierPhase.ANNOUNCED)
                .setPartitions(partitions)
                .build();
    }

    /** Both topics have the ids from 0 on, and some of each twice. */
    private static List<Told> random(Random random, int size) {
        Map<Integer, Long> next = new HashMap<>();
        List<Told> told = new ArrayList<>();
        long[] ids = new long[2];
        for (int i = 0; i < size; i++) {
            int place = random.nextInt(2);
            Change change = random.nextInt(15) == 0 ? null : change(random, place, ids[place]++);
            List<Told> same = told.stream()
                    .filter(each -> CHANNELS.place(each.channel()) == place && each.change() != null)
                    .toList();
            if (!same.isEmpty() && random.nextInt(10) == 0) {
                change = same.get(random.nextInt(same.size())).change();
            }
            int channel = CHANNELS.channel(place, random.nextInt(PARTITIONS));
            told.add(new Told(channel, next.merge(channel, 1L, Long::sum) - 1, change));
        }
        return told;
    }

    private static Change change(Random random, int place, long number) {
        long known = START + random.nextInt(DAY);
        long event = known - random.nextInt(3_600_000) - (random.nextInt(20) == 0 ? 3L * DAY : 0);
        Row row = new Row(7)
                .setLong(0, random.nextInt(4))
                .setString(3, PAYMENTS.inputs().get(place).source())
                .setLong(4, event)
                .setLong(5, known)
                .setString(6, Long.toString(number));
        if (random.nextInt(10) > 0) {
            row.setDouble(1, random.nextInt(10_000) / 64.0).setString(2, "with " + place);
        }
        EventId id = place == 0 ? new EventId("card_payments/", 0, number) : EventId.of("wallet_payments/" + number);
        return new Change(false, id, event, known, row);
    }

    /** Several files in any order, and some records twice, as after a restart. */
    private void write(Random random, List<Told> told) throws IOException {
        List<Told> rows = new ArrayList<>(told);
        rows.addAll(told.subList(told.size() / 3, told.size() / 2));
        Collections.shuffle(rows, random);
        append(rows.subList(0, rows.size() / 3));
        append(rows.subList(rows.size() / 3, rows.size()));
    }

    private void append(List<Told> rows) throws IOException {
        RawFiles.append(table, rows.stream().map(UnionTableTest::record).toList());
    }

    private static Record record(Told told) {
        Record record = GenericRecord.create(SCHEMA);
        record.setField("_topic", told.topic());
        record.setField("_partition", CHANNELS.partition(told.channel()));
        record.setField("_offset", told.offset());
        record.setField("_timestamp", START);
        record.setField(
                "_source", PAYMENTS.inputs().get(CHANNELS.place(told.channel())).source());
        if (told.change() == null) {
            record.setField("_rejected", "UNDECODABLE");
            record.setField(
                    "_value", ByteBuffer.wrap(new byte[] {(byte) told.topic().length()}));
            return record;
        }
        Row row = told.change().row();
        record.setField("customer", row.getLong(0));
        record.setField("amount", row.isNull(1) ? null : row.getDouble(1));
        record.setField("paid_with", row.getString(2));
        record.setField("_event_time", row.getLong(4));
        record.setField("_known_time", row.getLong(5));
        record.setField("_event_id", row.getString(6));
        return record;
    }
}
