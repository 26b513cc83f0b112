package dev.tidewheel.history.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.history.questions.EveryKey;
import dev.tidewheel.history.questions.Labels;
import dev.tidewheel.history.questions.Moments;
import dev.tidewheel.history.questions.TableColumns;
import dev.tidewheel.history.questions.TableQuestions;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.RowTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever asks, and whatever may be known: every value is the oracle's. */
class EveryWorldTest {
    private static final ServicePlan SERVICE = Flights.service();
    private static final List<String> ENTITIES = Flights.model().entities();
    private static final Instant START = Instant.ofEpochMilli(Flights.START);
    private static final RowSchema ASKED = new RowSchema(List.of(
            new Column("request", ColumnType.STRING),
            new Column("moment", ColumnType.TIMESTAMP),
            new Column("origin", ColumnType.STRING),
            new Column("destination", ColumnType.STRING),
            new Column("distance", ColumnType.INT64),
            new Column("hour", ColumnType.INT64),
            new Column("note", ColumnType.FLOAT64),
            new Column("late", ColumnType.BOOL)));
    private static final RowSchema TOLD = new RowSchema(List.of(
            new Column("request", ColumnType.STRING),
            new Column("late", ColumnType.BOOL),
            new Column("told", ColumnType.TIMESTAMP)));

    @TempDir
    private Path folder;

    static Stream<Retiming> worlds() {
        return Stream.of(
                Retiming.POINT_IN_TIME,
                Retiming.EVENT_TIME,
                Retiming.knownBy(START.plus(Duration.ofDays(5))),
                Retiming.hindsight(Duration.ofMinutes(100)),
                Retiming.hindsight(Duration.ofDays(20)));
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void questionsOfAModel(Retiming world) throws Exception {
        long seed = new Random().nextLong();
        ChangeHistory history = Flights.random(new Random(seed), 1_200);
        TrainingSetSpec spec = TrainingSetSpec.of(Flights.model(), "sha256:x", Map.of())
                .between(START.plus(Duration.ofDays(2)), START.plus(Duration.ofDays(8)))
                .knowing(world);

        TrainingSetBuilder.ofModel(spec, Flights.model(), history, Flights.scans(history))
                .build(folder);

        TrainingSet set = TrainingSet.open(folder);
        assertThat(set.rows()).as("seed %d", seed).isGreaterThan(200);
        oracle(history, world, 0).assertSame(set, world + ", seed " + seed);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void questionsOfAFile(Retiming world) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ChangeHistory history = Flights.random(random, 1_200);
        RowTable asked = asked(history, random, 400);
        TrainingSetSpec spec = ofFile().knowing(world);

        builder(spec, asked, columns(Optional.of("request")), Optional.empty(), history)
                .build(folder.resolve("set"));

        TrainingSet set = TrainingSet.open(folder.resolve("set"));
        assertThat(set.rows()).as("seed %d", seed).isGreaterThan(200);
        assertThat(set.rows() + set.manifest().leftOut().total()).isEqualTo(asked.size());
        assertThat(set.numbers("note")).as("handed through").isNotEmpty();
        oracle(history, world, 0).assertSame(set, world + ", seed " + seed);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void everyKeyAtSomeMoments(Retiming world) throws Exception {
        long seed = new Random().nextLong();
        ChangeHistory history = Flights.random(new Random(seed), 800);
        List<Instant> times = List.of(
                START.plus(Duration.ofDays(9)), START.plus(Duration.ofHours(3)), START.plus(Duration.ofDays(4)));
        TrainingSetSpec spec = TrainingSetSpec.of(SERVICE, "sha256:x", Map.of(), QuestionsOf.everyKey(times))
                .knowing(world);
        List<Long> millis = times.stream().map(Instant::toEpochMilli).toList();

        EveryKey keys = new EveryKey(SERVICE, ENTITIES, read -> history.retimed(spec.known(read)), millis, 0);
        new TrainingSetBuilder(spec, keys, Flights.scans(history)).build(folder);

        TrainingSet set = TrainingSet.open(folder);
        assertThat(set.rows()).as("seed %d", seed).isGreaterThan(12);
        assertThat(set.times()).isSorted();
        oracle(history, world, 0).assertSame(set, world + ", seed " + seed);
        assertThat(set.strings("question")[set.rows() - 1]).isEqualTo("ORD|D5");
    }

    /** The table of docs/history.md. */
    @Test
    void theWorkedExample() throws Exception {
        Row flight = new Row(Flights.SCHEMA.size())
                .setLong(0, 1)
                .setLong(1, Flights.START + 8 * Flights.HOUR)
                .setLong(2, Flights.START + 10 * Flights.HOUR)
                .setString(3, "ORD")
                .setString(4, "LAX")
                .setLong(5, 600)
                .setLong(6, 30);
        ChangeHistory.Builder builder =
                new ChangeHistory.Builder(Flights.COLUMNS, new Origin.Memory("one flight"), "flights");
        Flights.add(builder, flight, 0, 0);
        ChangeHistory history = builder.build();

        assertThat(flightsOf(history, Retiming.POINT_IN_TIME)).containsExactly(0, 0, 0, 1);
        assertThat(flightsOf(history, Retiming.EVENT_TIME)).containsExactly(1, 1, 1, 1);
        assertThat(flightsOf(history, Retiming.knownBy(START.plus(Duration.ofHours(9)))))
                .containsExactly(0, 0, 0, 0);
        assertThat(flightsOf(history, Retiming.knownBy(START.plus(Duration.ofHours(10)))))
                .containsExactly(1, 1, 1, 1);
        assertThat(flightsOf(history, Retiming.hindsight(Duration.ofHours(1)))).containsExactly(0, 1, 1, 1);
    }

    /** At 08:30, 09:00, 09:59 and 10:00. */
    private double[] flightsOf(ChangeHistory history, Retiming world) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (int minute : new int[] {510, 540, 599, 600}) {
            rows.add(question("q" + minute, 0).setLong(1, Flights.START + minute * 60_000L));
        }
        RowTable asked = table("example.parquet", ASKED, rows);
        Path out = folder.resolve("example");
        builder(ofFile().knowing(world), asked, columns(Optional.of("request")), Optional.empty(), history)
                .build(out);
        return TrainingSet.open(out).numbers("origin_delays.flights_3h");
    }

    @Test
    void aStoreThatIsBehindKnowsLess() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ChangeHistory history = Flights.random(random, 1_000);
        RowTable asked = asked(history, random, 300);
        Duration delay = Duration.ofMinutes(70);

        builder(ofFile().delayed(delay), asked, columns(Optional.empty()), Optional.empty(), history)
                .build(folder.resolve("set"));

        oracle(history, Retiming.POINT_IN_TIME, delay.toMillis())
                .assertSame(TrainingSet.open(folder.resolve("set")), "seed " + seed);
    }

    @Test
    void partsOfASetAreFilesInTheOrderOfTime() throws Exception {
        ChangeHistory history = Flights.random(new Random(3), 800);
        long day = Flights.DAY;
        Moments moments = new Moments(List.of(
                new Moments.Split("test", Flights.START + 7 * day, Flights.START + 9 * day),
                new Moments.Split("train", Flights.START + day, Flights.START + 6 * day),
                new Moments.Split("later", Flights.START + 400 * day, Flights.START + 500 * day)));
        TrainingSetSpec spec =
                TrainingSetSpec.of(Flights.model(), "sha256:x", Map.of()).at(moments);

        TrainingSetManifest manifest = TrainingSetBuilder.ofModel(
                        spec, Flights.model(), history, Flights.scans(history))
                .rowsPerFile(100)
                .build(folder);

        TrainingSet set = TrainingSet.open(folder);
        assertThat(manifest.files())
                .extracting(SetFile::name)
                .startsWith("train-00000.parquet", "train-00001.parquet")
                .endsWith("later-00000.parquet");
        assertThat(manifest.files()).filteredOn(file -> file.rows() == 100).hasSizeGreaterThan(3);
        assertThat(set.times()).isSorted();
        assertThat(LongStream.of(set.split("train").times()))
                .allMatch(t -> t >= Flights.START + day && t < Flights.START + 6 * day)
                .hasSizeGreaterThan(100);
        assertThat(LongStream.of(set.split("test").times()))
                .allMatch(t -> t >= Flights.START + 7 * day && t < Flights.START + 9 * day)
                .isNotEmpty();
        assertThat(set.split("later").rows()).isZero();
        assertThat(set.split("train").rows() + set.split("test").rows())
                .isEqualTo(set.rows())
                .isEqualTo((int) manifest.rows());
        assertThatThrownBy(() -> set.split("gate")).hasMessageContaining("only [train, test, later]");
    }

    @Test
    void labelsOfATableCountAsTheyWereKnown() throws Exception {
        ChangeHistory history = Flights.random(new Random(5), 300);
        RowTable asked = table("asked.parquet", ASKED, List.of(question("a", 1), question("b", 2), question("c", 3)));
        RowTable told = table(
                "told.parquet",
                TOLD,
                List.of(label("a", true, 10), label("a", false, 30), label("b", true, 50), label("d", true, 1)));
        Labels labels = new Labels(told, List.of("request"), "late", Optional.of("told"));
        TrainingSetSpec whole = ofFile();
        TrainingSetSpec early = whole.asOf(START.plus(Duration.ofHours(20)));

        TrainingSetManifest all = builder(whole, asked, columns(Optional.of("request")), Optional.of(labels), history)
                .build(folder.resolve("all"));
        TrainingSetManifest some = builder(early, asked, columns(Optional.of("request")), Optional.of(labels), history)
                .build(folder.resolve("some"));

        TrainingSet set = TrainingSet.open(folder.resolve("all"));
        assertThat(set.strings("question")).containsExactly("a", "b");
        assertThat(set.labels()).as("a was taken back").containsExactly(0, 1);
        assertThat(all.leftOut().noLabel()).as("nobody told about c").isEqualTo(1);
        assertThat(TrainingSet.open(folder.resolve("some")).labels()).containsExactly(1);
        assertThat(some.leftOut().labelNotKnown()).isEqualTo(1);
    }

    @Test
    void whatDoesNotFitIsSaid() throws Exception {
        ChangeHistory history = Flights.random(new Random(5), 50);
        RowTable asked = table("asked.parquet", ASKED, List.of(question("a", 1)));
        TrainingSetSpec spec = ofFile();

        assertThatThrownBy(() -> builder(
                        spec,
                        asked,
                        new TableColumns("t", Optional.empty(), Map.of(), Optional.empty(), Optional.empty()),
                        Optional.empty(),
                        history))
                .hasMessageContaining("have no column 't': they have [request, moment");
        assertThatThrownBy(() -> builder(
                        spec,
                        asked,
                        new TableColumns(
                                "moment",
                                Optional.empty(),
                                Map.of("origin", "note"),
                                Optional.empty(),
                                Optional.empty()),
                        Optional.empty(),
                        history))
                .hasMessageContaining("'note' of the questions is FLOAT64, which makes no key");
        assertThatThrownBy(() -> builder(spec.asOf(START), asked, columns(Optional.empty()), Optional.empty(), history))
                .hasMessageContaining("name the column that does");
        assertThatThrownBy(() ->
                        spec.knowing(Retiming.hindsight(Duration.ofDays(1))).delayed(Duration.ofSeconds(1)))
                .hasMessageContaining("choose one of the two");
    }

    private static Row question(String id, int hour) {
        return new Row(ASKED.size())
                .setString(0, id)
                .setLong(1, Flights.START + hour * Flights.HOUR)
                .setString(2, "ORD")
                .setString(3, "D1")
                .setLong(4, 100)
                .setLong(5, hour)
                .setDouble(6, 0.5)
                .setBoolean(7, true);
    }

    private static Row label(String id, boolean late, int toldHour) {
        return new Row(TOLD.size())
                .setString(0, id)
                .setBoolean(1, late)
                .setLong(2, Flights.START + toldHour * Flights.HOUR);
    }

    /** Questions at moments that matter: when something happened or became known, and just before and after. */
    private RowTable asked(ChangeHistory history, Random random, int count) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int change = random.nextInt(history.size());
            long near = random.nextBoolean() ? history.eventTime(change) : history.visibleAt(change);
            Row row = question("r" + random.nextInt(3 * count), 0)
                    .setLong(1, near + random.nextInt(3) - 1)
                    .setString(
                            2,
                            random.nextInt(9) == 0
                                    ? "nowhere"
                                    : history.row(change).getString(3))
                    .setString(3, "D" + random.nextInt(7));
            rows.add(random.nextInt(15) == 0 ? row.setNull(2) : random.nextInt(10) == 0 ? row.setNull(4) : row);
        }
        return table("random.parquet", ASKED, rows);
    }

    private RowTable table(String name, RowSchema schema, List<Row> rows) throws IOException {
        Path file = folder.resolve(name);
        try (ParquetRows out = ParquetRows.create(file, "rows", schema)) {
            for (Row row : rows) {
                out.write(row);
            }
        }
        return RowTable.read(file);
    }

    private static TableColumns columns(Optional<String> id) {
        return new TableColumns("moment", id, Map.of(), Optional.of("late"), Optional.empty());
    }

    private static TrainingSetSpec ofFile() {
        return TrainingSetSpec.of(
                SERVICE,
                "sha256:x",
                Map.of(),
                QuestionsOf.rows("asked.parquet", "sha256:y", columns(Optional.empty()), null));
    }

    private static TrainingSetBuilder builder(
            TrainingSetSpec spec,
            RowTable asked,
            TableColumns columns,
            Optional<Labels> labels,
            ChangeHistory history) {
        TableQuestions questions =
                new TableQuestions(asked, columns, SERVICE, ENTITIES, labels, spec.moments(), spec.knownBy());
        return new TrainingSetBuilder(spec, questions, Flights.scans(history));
    }

    private static WorldOracle oracle(ChangeHistory history, Retiming world, long delay) {
        return new WorldOracle(SERVICE, ENTITIES, history, world, delay);
    }
}
