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
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
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

    /** Of questions of a table: by time, then by all that they hold. */
    private static final Comparator<Row> ORDER =
            Comparator.<Row>comparingLong(row -> row.getLong(1)).thenComparing(Row::toString);

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

    @ParameterizedTest
    @MethodSource("worlds")
    void questionsAndLabelsOfATable(Retiming world) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ChangeHistory history = Flights.random(random, 1_200);
        List<Row> asked = askedRows(history, random, 400);
        List<Row> told = toldRows(asked, random);
        long asOf = Flights.START + 6 * Flights.DAY;
        TrainingSetSpec spec = ofFile().knowing(world).asOf(Instant.ofEpochMilli(asOf));

        for (String name : List.of("set", "again")) {
            Collections.shuffle(asked, random);
            Collections.shuffle(told, random);
            Labels labels = new Labels(snapshot(TOLD, told), List.of("request"), "late", Optional.of("told"));
            builder(spec, snapshot(ASKED, asked), columns(Optional.of("request")), Optional.of(labels), history)
                    .build(folder.resolve(name));
        }

        TrainingSet set = TrainingSet.open(folder.resolve("set"));
        assertThat(folder.resolve("again/data-00000.parquet"))
                .as("rows of a table come as they come, seed %d", seed)
                .hasSameBinaryContentAs(folder.resolve("set/data-00000.parquet"));
        new WorldOracle(SERVICE, ENTITIES, history, world, 0, asOf).assertSame(set, world + ", seed " + seed);
        Map<String, Boolean> expected = labels(asked, told, asOf);
        assertThat(expected).as("seed %d", seed).hasSizeGreaterThan(50);
        Map<String, Boolean> found = new TreeMap<>();
        for (int row = 0; row < set.rows(); row++) {
            found.put(String.valueOf(set.strings("question")[row]), set.labels()[row] == 1);
        }
        assertThat(found).as("%s, seed %d", world, seed).isEqualTo(expected);
        assertThat(set.rows()).as("each once").isEqualTo(found.size());
        assertThat(set.rows() + set.manifest().leftOut().total()).isEqualTo(asked.size());
    }

    /** What a person would say: of the labels that were told in time the last one, unless it takes the label back. */
    private static Map<String, Boolean> labels(List<Row> asked, List<Row> told, long asOf) {
        Map<String, Boolean> labels = new TreeMap<>();
        // Of a question that was asked twice the earlier counts; complete or not.
        Map<String, Row> first = new TreeMap<>();
        for (Row question : asked) {
            first.merge(
                    String.valueOf(question.getString(0)),
                    question,
                    (one, other) -> ORDER.compare(one, other) <= 0 ? one : other);
        }
        first.forEach((id, question) -> {
            Row last = null;
            for (Row label : told) {
                boolean counts = id.equals(label.getString(0)) && !label.isNull(2) && label.getLong(2) <= asOf;
                if (counts && (last == null || label.getLong(2) > last.getLong(2))) {
                    last = label;
                }
            }
            if (last != null && !last.isNull(1) && !question.isNull(2)) {
                labels.put(id, last.getBoolean(1));
            }
        });
        return labels;
    }

    /** No two of one question are known at the same time. */
    private static List<Row> toldRows(List<Row> asked, Random random) {
        List<Row> told = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Row label = label(
                            String.valueOf(
                                    asked.get(random.nextInt(asked.size())).getString(0)),
                            random.nextBoolean(),
                            0)
                    .setLong(2, Flights.START + random.nextInt(9) * Flights.DAY + i);
            told.add(random.nextInt(6) == 0 ? label.setNull(1) : random.nextInt(20) == 0 ? label.setNull(2) : label);
        }
        return told;
    }

    private static RowTable snapshot(RowSchema schema, List<Row> rows) {
        RowTable.Builder table = new RowTable.Builder(schema, new Origin.Snapshot("sets.some", 7));
        for (Row row : rows) {
            for (int slot = 0; slot < schema.size(); slot++) {
                table.column(slot).append(row, slot);
            }
        }
        return table.build();
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void whatBecameKnownLaterDoesNotExist(Retiming world) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ChangeHistory history = Flights.random(random, 1_200);
        long from = Flights.START + 2 * Flights.DAY;
        long to = Flights.START + 8 * Flights.DAY;
        long asOf = Flights.START + 5 * Flights.DAY + random.nextInt((int) Flights.DAY);
        TrainingSetSpec spec = TrainingSetSpec.of(Flights.model(), "sha256:x", Map.of())
                .between(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to))
                .knowing(world)
                .asOf(Instant.ofEpochMilli(asOf));

        TrainingSetBuilder.ofModel(spec, Flights.model(), history, Flights.scans(history))
                .build(folder);

        TrainingSet set = TrainingSet.open(folder);
        Set<Double> expected = new HashSet<>();
        for (int event = 0; event < history.size(); event++) {
            Row row = history.row(event);
            boolean isAsked = row.getLong(1) >= from && row.getLong(1) < to && !row.isNull(6);
            if (isAsked && history.knownTime(event) <= asOf) {
                expected.add((double) row.getLong(0));
            }
        }
        assertThat(DoubleStream.of(set.numbers("question")).boxed().toList())
                .as("%s, seed %d", world, seed)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(expected).hasSizeGreaterThan(100).hasSizeLessThan(1_000);
        new WorldOracle(SERVICE, ENTITIES, history, world, 0, asOf).assertSame(set, world + ", seed " + seed);
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
        Labels byNote = new Labels(
                table("told.parquet", TOLD, List.of(label("a", true, 1))), List.of("note"), "late", Optional.empty());
        assertThatThrownBy(() -> builder(spec, asked, columns(Optional.empty()), Optional.of(byNote), history))
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
        return table("random.parquet", ASKED, askedRows(history, random, count));
    }

    private static List<Row> askedRows(ChangeHistory history, Random random, int count) {
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
        return rows;
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
        return new WorldOracle(SERVICE, ENTITIES, history, world, delay, Long.MAX_VALUE);
    }
}
