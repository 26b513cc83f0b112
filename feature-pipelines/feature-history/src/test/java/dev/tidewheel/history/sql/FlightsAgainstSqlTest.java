package dev.tidewheel.history.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewheel.feature.aggregate.Aggregates;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.replay.ViewReplay;
import dev.tidewheel.history.source.ChangeHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine against DuckDB on real flights, at thousands of moments, by both clocks. The flights that the examples ship,
 * or those of {@code -Dtidewheel.flights=FILE}: all three million, for example. {@code -Dtidewheel.sql.views} and
 * {@code -Dtidewheel.seed} choose how many random views, and which.
 */
class FlightsAgainstSqlTest {
    private static final int VIEWS = Integer.getInteger("tidewheel.sql.views", 50);
    /** So many aggregates are asked in one view: the states of all of them would not fit beside three million flights. */
    private static final int SLICE = 7;

    private static final Path SHIPPED = Path.of("../../examples/flights/flights.parquet");

    /** A question: what were the features of a key at a time? */
    private record Question(String key, long t) {}

    /** By what a view groups. The first is so busy that few of its keys are asked. */
    private enum Entity {
        ORIGIN(List.of("origin"), "f.origin", 2, 15),
        DESTINATION(List.of("destination"), "f.destination", 20, 8),
        ROUTE(List.of("origin", "destination"), "f.origin || '|' || f.destination", 60, 3);

        private final List<String> columns;
        private final String sql;
        private final int keys;
        private final int momentsPerKey;

        Entity(List<String> columns, String sql, int keys, int momentsPerKey) {
            this.columns = columns;
            this.sql = sql;
            this.keys = keys;
            this.momentsPerKey = momentsPerKey;
        }
    }

    @TempDir
    private static Path folder;

    private static @Nullable Connection database;
    private static @Nullable ChangeHistory landed;
    private static @Nullable ChangeHistory happened;

    @BeforeAll
    static void load() throws Exception {
        String given = System.getProperty("tidewheel.flights");
        Path found = given == null ? SHIPPED : Path.of(given);
        assumeTrue(Files.exists(found), () -> "no flights to ask about: " + found.toAbsolutePath() + " is missing");
        Connection opened = DriverManager.getConnection("jdbc:duckdb:");
        database = opened;
        Path file = given == null ? found : numbered(opened, found);
        landed = Flights.read(file);
        happened = landed.knownWhenHappened();
        try (Statement statement = opened.createStatement()) {
            statement.execute("SET threads = 2");
            statement.execute("CREATE TABLE flights AS SELECT flight_id::BIGINT AS flight_id, " + millis(given)
                    + " AS d, origin, destination, distance::BIGINT AS distance, delay::BIGINT AS delay, d + 60000 * (35 +"
                    + " (2 * distance::BIGINT + 14) // 15) AS landing FROM read_parquet('" + file + "')");
            statement.execute("CREATE TABLE questions (id INTEGER, key VARCHAR, t BIGINT)");
        }
    }

    private static String millis(@Nullable String given) {
        return given == null ? "epoch_ms(date)" : "date";
    }

    /** The published file has no numbers; the example has the row's. */
    private static Path numbered(Connection connection, Path file) throws SQLException {
        Path numbered = folder.resolve("flights.parquet");
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "COPY (SELECT (row_number() OVER () - 1)::BIGINT AS flight_id, epoch_ms(date) AS date, origin,"
                            + " destination, distance::INT AS distance, delay::INT AS delay FROM read_parquet('" + file
                            + "')) TO '"
                            + numbered + "' (FORMAT parquet, COMPRESSION uncompressed)");
        }
        return numbered;
    }

    @AfterAll
    static void close() throws SQLException {
        if (database != null) {
            database.close();
        }
        landed = null;
        happened = null;
    }

    @Test
    void usualViewsEqualSqlAtThousandsOfMoments() throws Exception {
        Random random = new Random(20010101);
        int compared = 0;
        for (long length : new long[] {SqlWindow.HOUR, SqlWindow.DAY, 7 * SqlWindow.DAY}) {
            SqlWindow window = SqlWindow.sliding(length, SqlWindow.defaultResolution(length));
            for (boolean known : new boolean[] {true, false}) {
                List<Question> questions = questions(Entity.ROUTE, 160, 3, random);
                for (int from = 0; from < SqlAggregate.NAMES.size(); from += SLICE) {
                    List<SqlFeature> features = usual(from, window, random);
                    compared += compare("usual views", Entity.ROUTE, Optional.empty(), features, known, questions);
                }
            }
        }
        assertThat(compared).isGreaterThan(100_000);
    }

    /** Some aggregates over a window, each plainly, with drawn parts, and by category if it is asked so. */
    private static List<SqlFeature> usual(int from, SqlWindow window, Random random) {
        List<SqlFeature> features = new ArrayList<>();
        for (String name : SqlAggregate.NAMES.subList(from, Math.min(from + SLICE, SqlAggregate.NAMES.size()))) {
            SqlAggregate aggregate = SqlAggregate.of(name, random);
            Optional<Term> of =
                    aggregate.input() == SqlAggregate.Input.ROWS ? Optional.empty() : Optional.of(Term.DELAY);
            features.add(SqlFeature.of(aggregate, of, window));
            features.add(SqlFeature.draw(aggregate, Term.filter(random), window, random));
            if (SqlAggregate.BY_CATEGORY.contains(name)) {
                features.add(SqlFeature.drawByCategory(aggregate, window, random));
            }
        }
        return features;
    }

    @Test
    void randomViewsEqualSql() throws Exception {
        long seed = Long.getLong("tidewheel.seed", 1);
        Random random = new Random(seed);
        Set<String> drawn = new TreeSet<>();
        for (int view = 0; view < VIEWS; view++) {
            Entity entity =
                    random.nextInt(5) == 0 ? Entity.ORIGIN : random.nextBoolean() ? Entity.ROUTE : Entity.DESTINATION;
            List<SqlFeature> features = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                SqlFeature feature = SqlFeature.draw(random);
                features.add(feature);
                drawn.add(feature.aggregate().name());
                drawn.add(feature.window().engine().getClass().getSimpleName());
                feature.bucket().ifPresent(bucket -> drawn.add("bucket"));
            }
            Optional<Term> where = random.nextInt(4) == 0 ? Term.filter(random) : Optional.empty();
            List<Question> questions = questions(entity, entity.keys, entity.momentsPerKey, random);
            String what = "-Dtidewheel.seed=" + seed + ", view " + view;
            compare(what, entity, where, features, random.nextInt(3) != 0, questions);
        }
        if (VIEWS >= 50) {
            assertThat(drawn)
                    .containsAll(SqlAggregate.NAMES)
                    .containsAll(SqlWindow.KINDS)
                    .contains("bucket");
        }
    }

    /** Were the engine asked by the other clock, the comparison would say so. */
    @Test
    void theOtherClockIsFound() throws Exception {
        Random random = new Random(3);
        SqlFeature mean = SqlFeature.of(
                SqlAggregate.of("mean", random),
                Optional.of(Term.DELAY),
                SqlWindow.sliding(SqlWindow.DAY, SqlWindow.HOUR));
        List<Question> questions = questions(Entity.ROUTE, 20, 3, random);
        ask(questions);
        List<FeatureValues> byDeparture = engine(plan(Entity.ROUTE, Optional.empty(), List.of(mean)), false, questions);
        assertThatThrownBy(() -> compareAll(
                        "mixed", Entity.ROUTE, Optional.empty(), List.of(mean), true, questions, byDeparture))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("SQL says");
    }

    @Test
    void everythingHasSql() {
        assertThat(Aggregates.all().stream().map(aggregate -> aggregate.name()).toList())
                .as("aggregates")
                .containsExactlyInAnyOrderElementsOf(SqlAggregate.NAMES);
        assertThat(Arrays.stream(Window.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList())
                .as("kinds of windows")
                .containsExactlyInAnyOrderElementsOf(SqlWindow.KINDS);
    }

    /** At and around what happened, what landed, and the edges of tiles. */
    private static List<Question> questions(Entity entity, int keys, int momentsPerKey, Random random) {
        ChangeHistory history = Objects.requireNonNull(landed);
        Set<Question> questions =
                new TreeSet<>(Comparator.comparing(Question::key).thenComparing(Question::t));
        while (questions.size() < keys * momentsPerKey) {
            int flight = random.nextInt(history.size());
            String key = key(entity, history, flight);
            for (int i = 0; i < momentsPerKey; i++) {
                questions.add(new Question(key, moment(history, random)));
            }
            questions.add(new Question(key, history.eventTime(flight) + random.nextInt(3) - 1));
            questions.add(new Question(key, history.knownTime(flight) + random.nextInt(3) - 1));
        }
        if (entity == Entity.ROUTE) {
            questions.add(new Question("ORD|nowhere", history.eventTime(0) + SqlWindow.DAY));
        }
        return List.copyOf(questions);
    }

    private static String key(Entity entity, ChangeHistory history, int flight) {
        String origin = String.valueOf(history.row(flight).getString(3));
        String destination = String.valueOf(history.row(flight).getString(4));
        return switch (entity) {
            case ORIGIN -> origin;
            case DESTINATION -> destination;
            case ROUTE -> origin + "|" + destination;
        };
    }

    private static long moment(ChangeHistory history, Random random) {
        int flight = random.nextInt(history.size());
        long edge = SqlWindow.HOUR * (history.eventTime(flight) / SqlWindow.HOUR);
        return switch (random.nextInt(4)) {
            case 0 -> edge + random.nextInt(3) - 1;
            case 1 -> history.knownTime(flight) + random.nextInt(3) - 1;
            default -> history.eventTime(flight) + random.nextInt(1_000_000);
        };
    }

    private static int compare(
            String what,
            Entity entity,
            Optional<Term> where,
            List<SqlFeature> features,
            boolean known,
            List<Question> questions)
            throws SQLException {
        ask(questions);
        List<FeatureValues> engine = engine(plan(entity, where, features), known, questions);
        return compareAll(what, entity, where, features, known, questions, engine);
    }

    private static int compareAll(
            String what,
            Entity entity,
            Optional<Term> where,
            List<SqlFeature> features,
            boolean known,
            List<Question> questions,
            List<FeatureValues> engine)
            throws SQLException {
        ViewPlan plan = plan(entity, where, features);
        for (int slot = 0; slot < features.size(); slot++) {
            String sql = features.get(slot).sql(entity.sql, known, where);
            try (Statement statement = Objects.requireNonNull(database).createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                for (int question = 0; rows.next(); question++) {
                    assertThat(rows.getInt(1)).isEqualTo(question);
                    String problem = problem(features.get(slot), rows, engine.get(question), slot, plan);
                    if (problem != null) {
                        throw new AssertionError(what + ": "
                                + plan.spec().features().get(slot) + " of "
                                + questions.get(question) + (known ? " by landing" : " by departure")
                                + where.map(term -> " where " + term.cel()).orElse("") + ": " + problem + "\n" + sql);
                    }
                }
            }
        }
        return features.size() * questions.size();
    }

    private static void ask(List<Question> questions) throws SQLException {
        Connection connection = Objects.requireNonNull(database);
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM questions");
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO questions VALUES (?, ?, ?)")) {
            for (int id = 0; id < questions.size(); id++) {
                insert.setInt(1, id);
                insert.setString(2, questions.get(id).key());
                insert.setLong(3, questions.get(id).t());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static ViewPlan plan(Entity entity, Optional<Term> where, List<SqlFeature> features) {
        List<FeatureSpec> specs = new ArrayList<>();
        for (SqlFeature feature : features) {
            specs.add(feature.engine("f" + specs.size()));
        }
        ViewSpec spec = new ViewSpec(
                "flights",
                entity.columns,
                where.map(Term::cel),
                List.of(),
                specs,
                SqlWindow.DAY,
                10 * SqlWindow.MINUTE,
                10_000,
                64);
        return ViewPlan.compile(spec, Flights.SCHEMA);
    }

    /** Questions come by key, then time, as a replay wants them. */
    private static List<FeatureValues> engine(ViewPlan plan, boolean known, List<Question> questions) {
        ViewReplay replay = new ViewReplay(plan, Objects.requireNonNull(known ? landed : happened));
        return questions.stream()
                .map(question -> replay.read(replay.number(question.key()), question.t(), question.t()))
                .toList();
    }

    private static @Nullable String problem(
            SqlFeature feature, ResultSet sql, FeatureValues engine, int slot, ViewPlan plan) throws SQLException {
        boolean isNull = sql.getObject(2) == null;
        if (isNull || engine.row().isNull(slot)) {
            return isNull && engine.row().isNull(slot) ? null : different(sql.getString(2), engine, slot, plan);
        }
        SqlAggregate aggregate = feature.aggregate();
        if (aggregate.exactness() == SqlAggregate.Exactness.COUNTED) {
            String listed = String.valueOf(engine.row().getString(slot));
            return Bounds.frequent(listed, sql.getString(2), aggregate.parameters())
                    .orElse(null);
        }
        boolean same = switch (plan.features().column(slot).type()) {
            case FLOAT64 -> near(feature, sql, engine.row().getDouble(slot));
            case STRING, JSON ->
                String.valueOf(sql.getString(2)).equals(engine.row().getString(slot));
            default -> {
                long expected = sql.getBigDecimal(2).longValueExact();
                yield aggregate.exactness() == SqlAggregate.Exactness.ESTIMATED
                        ? Bounds.isNear(engine.row().getLong(slot), expected, aggregate.parameters())
                        : expected == engine.row().getLong(slot);
            }
        };
        return same ? null : different(sql.getString(2), engine, slot, plan);
    }

    private static boolean near(SqlFeature feature, ResultSet sql, double engine) throws SQLException {
        double expected = sql.getDouble(2);
        double magnitude = Math.max(Math.abs(expected), sql.getDouble(3));
        return switch (feature.aggregate().exactness()) {
            case SAME -> Double.compare(expected, engine) == 0;
            case WITHIN_ACCURACY ->
                Math.abs(engine - expected)
                        <= feature.aggregate().parameters().number("accuracy") * Math.abs(expected) * (1 + 1e-9);
            case LOOSE ->
                Double.isNaN(expected)
                        ? Double.isNaN(engine)
                        : Math.abs(engine - expected) <= 1e-9 * Math.max(1, magnitude);
            case ESTIMATED, COUNTED -> throw new IllegalStateException("no such value is a double");
            case ROUNDED -> {
                boolean squares = feature.aggregate().name().equals("variance") && feature.type() == ColumnType.FLOAT64;
                boolean root = feature.aggregate().name().equals("stddev") && feature.type() == ColumnType.FLOAT64;
                double scale = squares ? magnitude * magnitude : magnitude;
                // Where the database subtracts nearly equal squares, half of the digits of a root are lost.
                yield Math.abs(engine - expected) <= (root ? 1e-6 : 1e-12) * scale;
            }
        };
    }

    private static String different(@Nullable String sql, FeatureValues engine, int slot, ViewPlan plan) {
        String value = engine.row().isNull(slot)
                ? "null"
                : switch (plan.features().column(slot).type()) {
                    case FLOAT64 -> Double.toString(engine.row().getDouble(slot));
                    case STRING, JSON -> String.valueOf(engine.row().getString(slot));
                    default -> Long.toString(engine.row().getLong(slot));
                };
        return String.format(Locale.ROOT, "SQL says %s, the engine %s with %s", sql, value, engine.status(slot));
    }
}
