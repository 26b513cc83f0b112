package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.SourceFormat;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.store.redis.RedisServerFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.function.SerializableSupplier;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source whose schema changes while its job has state: from a savepoint, on a real table. */
class SchemaEvolutionTest {
    private static final int PARALLELISM = 1;
    private static final String SOURCE = "evolving";
    private static final long START = 978_307_200_000L;

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    @TempDir
    Path folder;

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
    }

    static RowSchema before() {
        return new RowSchema(List.of(
                new Column("at", ColumnType.TIMESTAMP),
                new Column("place", ColumnType.STRING),
                new Column("gone", ColumnType.STRING),
                new Column("amount", ColumnType.INT64)));
    }

    /** One column is new, in front; one is gone. */
    static RowSchema after() {
        return new RowSchema(List.of(
                new Column("note", ColumnType.STRING),
                new Column("at", ColumnType.TIMESTAMP),
                new Column("place", ColumnType.STRING),
                new Column("amount", ColumnType.INT64)));
    }

    static RowSchema refused() {
        return new RowSchema(List.of(
                new Column("at", ColumnType.INT64),
                new Column("place", ColumnType.STRING),
                new Column("amount", ColumnType.STRING)));
    }

    static List<StageView> viewsBefore() {
        return views(before());
    }

    static List<StageView> viewsAfter() {
        return views(after());
    }

    private static List<StageView> views(RowSchema columns) {
        FeatureSpec sum = new FeatureSpec(
                "amount", "sum", Map.of(), Optional.of("amount"), Optional.empty(), Window.Sliding.of(86_400_000));
        ViewSpec spec = new ViewSpec(
                "places", List.of("place"), Optional.empty(), List.of(), List.of(sum), 86_400_000, 600_000, 10_000, 8);
        return List.of(new StageView(ViewPlan.compile(spec, columns), 1));
    }

    private static JobDefinition job(
            String fields, SerializableSupplier<RowSchema> columns, SerializableSupplier<List<StageView>> views) {
        return job(SOURCE, fields, columns, views, List.of());
    }

    private static JobDefinition job(
            String source,
            String fields,
            SerializableSupplier<RowSchema> columns,
            SerializableSupplier<List<StageView>> views,
            List<JobDefinition.Cohort> cohorts) {
        String schema = "{\"type\": \"record\", \"name\": \"E\", \"fields\": [" + fields + "]}";
        return new JobDefinition(
                new SourceLayout(source, source, SourceFormat.JSON, schema, "at", null, null),
                86_400_000,
                columns,
                List.of(new JobDefinition.Entity(List.of("place"), views)),
                cohorts);
    }

    private static String field(String name, String type) {
        return "{\"name\": \"" + name + "\", \"type\": " + type + "}";
    }

    @Test
    void columnsComeAndGoAndTheStateStays() throws Exception {
        String time = field("at", "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}");
        String place = field("place", "\"string\"");
        JobDefinition first = job(
                String.join(",", time, place, field("gone", "\"string\""), field("amount", "\"int\"")),
                SchemaEvolutionTest::before,
                SchemaEvolutionTest::viewsBefore);
        JobDefinition second = job(
                String.join(",", field("note", "[\"null\", \"string\"]"), time, place, field("amount", "\"long\"")),
                SchemaEvolutionTest::after,
                SchemaEvolutionTest::viewsAfter);
        JobDefinition third = job(
                String.join(",", field("at", "\"long\""), place, field("amount", "\"string\"")),
                SchemaEvolutionTest::refused,
                SchemaEvolutionTest::viewsAfter);
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, SOURCE, StateBackend.HASHMAP, PARALLELISM);
        List<Change> changes = new ArrayList<>();
        try (FrontierFollower frontiers = world.frontiers()) {
            for (int i = 0; i < 10; i++) {
                send(world, changes, i, "\"gone\": \"g\", \"amount\": " + i, new Row(4).setLong(3, i));
            }
            JobClient before = world.start(first, null);
            frontiers.await(List.of("place"), PARALLELISM, world.sent(), 0);
            String savepoint = world.stopWithSavepoint(before);
            long attempt = frontiers.newestAttempt();

            for (int i = 10; i < 20; i++) {
                long amount = 1L << 40;
                Row row = new Row(4).setLong(3, amount).setString(0, "n");
                send(world, changes, i, "\"note\": \"n\", \"amount\": " + amount, row);
            }
            JobClient after = world.start(second, savepoint);
            frontiers.await(List.of("place"), PARALLELISM, world.sent(), attempt);
            String later = world.stopWithSavepoint(after);

            assertThatThrownBy(() -> world.start(third, later))
                    .hasMessageContaining("column 'at' was timestamp and would become int64")
                    .hasMessageContaining("column 'amount' was int64 and would become string")
                    .hasMessageContaining("Give the changed source another name");
        }
        world.assertEqualsOracle(viewsAfter().get(0), Map.of("P", changes), START + 20_000);
        assertThat(world.rawPositions()).containsExactlyElementsOf(world.sentPositions());
        for (Record row : world.rawRecords()) {
            boolean old = (long) row.getField("at") < START + 10_000;
            assertThat(row.getField("gone")).isEqualTo(old ? "g" : null);
            assertThat(row.getField("note")).isEqualTo(old ? null : "n");
            assertThat(row.getField("place")).isEqualTo("P");
            assertThat((long) row.getField("amount")).isEqualTo(old ? (long) row.getField("_offset") : 1L << 40);
        }
    }

    static RowSchema withNote() {
        return after();
    }

    static RowSchema withoutNote() {
        return new RowSchema(after().columns().subList(1, 4));
    }

    static List<StageView> viewsWithoutNote() {
        return views(withoutNote());
    }

    static List<StageView> viewsWithNote() {
        return views(withNote());
    }

    /** How often there is a note, and of which kind the amounts are. */
    static List<StageView> viewsOfNotes() {
        FeatureSpec notes = new FeatureSpec(
                "notes", "count", Map.of(), Optional.of("note"), Optional.empty(), Window.Sliding.of(86_400_000));
        FeatureSpec amounts = new FeatureSpec(
                "amounts",
                "sum",
                Map.of(),
                Optional.of("amount"),
                Optional.of("note == 'n'"),
                Window.Sliding.of(86_400_000));
        ViewSpec spec = new ViewSpec(
                "notes",
                List.of("place"),
                Optional.empty(),
                List.of(),
                List.of(notes, amounts),
                86_400_000,
                600_000,
                10_000,
                8);
        return List.of(new StageView(ViewPlan.compile(spec, withNote()), 1));
    }

    /**
     * A view that uses a new column begins with the topic, beside the old ones. Records that were there before have a value
     * or a default in their bytes, and null in the raw table; what is served is what the raw table says.
     */
    @ParameterizedTest
    @ValueSource(strings = {"[\"null\", \"string\"], \"default\": null", "\"string\", \"default\": \"n\""})
    void aLaterColumnIsNullInWhatWasThereBefore(String type) throws Exception {
        String source = SOURCE + (type.endsWith("null") ? "nullable" : "default");
        String rest = String.join(
                ",",
                field("at", "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}"),
                field("place", "\"string\""),
                field("amount", "\"long\""));
        String noted = "{\"name\": \"note\", \"type\": " + type + "}," + rest;
        JobDefinition first =
                job(source, rest, SchemaEvolutionTest::withoutNote, SchemaEvolutionTest::viewsWithoutNote, List.of());
        JobDefinition cohort =
                job(source, noted, SchemaEvolutionTest::withNote, SchemaEvolutionTest::viewsOfNotes, List.of());
        JobDefinition second = job(
                source,
                noted,
                SchemaEvolutionTest::withNote,
                SchemaEvolutionTest::viewsWithNote,
                List.of(new JobDefinition.Cohort(1, cohort)));
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, source, StateBackend.HASHMAP, PARALLELISM);
        try (FrontierFollower frontiers = world.frontiers()) {
            String both = "\"note\": \"n\", \"amount\": ";
            for (int i = 0; i < 10; i++) {
                send(world, new ArrayList<>(), i, (i % 2 == 0 ? both : "\"amount\": ") + i, new Row(4));
            }
            JobClient before = world.start(first, null);
            frontiers.await(List.of("place"), PARALLELISM, world.sent(), 0);
            String savepoint = world.stopWithSavepoint(before);
            long attempt = frontiers.newestAttempt();
            for (int i = 10; i < 20; i++) {
                send(world, new ArrayList<>(), i, both + i, new Row(4));
            }
            JobClient beside = world.start(second, savepoint);
            frontiers.await(List.of("place", "place@1"), PARALLELISM, world.sent(), attempt);
            world.stopWithSavepoint(beside);
        }
        List<Change> inTheTable = new ArrayList<>();
        for (Record record : world.rawRecords()) {
            Row row = new Row(4);
            if (record.getField("note") != null) {
                row.setString(0, (String) record.getField("note"));
            }
            inTheTable.add(change((long) record.getField("_offset"), source, row, (long) record.getField("amount")));
        }
        assertThat(inTheTable.stream().filter(change -> change.row().isNull(0))).hasSize(10);
        world.assertEqualsOracle(viewsOfNotes().get(0), Map.of("P", inTheTable), START + 20_000);
    }

    private static Change change(long number, String source, Row row, long amount) {
        long at = START + number * 1_000L;
        return new Change(
                false,
                EventId.of(source, 0, number),
                at,
                at,
                row.setLong(1, at).setString(2, "P").setLong(3, amount));
    }

    private static void send(JobWorld world, List<Change> changes, int number, String fields, Row row)
            throws Exception {
        long at = START + number * 1_000L;
        String json = "{\"at\": " + at + ", \"place\": \"P\", " + fields + "}";
        world.send(0, at, json.getBytes(StandardCharsets.UTF_8));
        changes.add(new Change(
                false, EventId.of(SOURCE, 0, number), at, at, row.setLong(1, at).setString(2, "P")));
    }
}
