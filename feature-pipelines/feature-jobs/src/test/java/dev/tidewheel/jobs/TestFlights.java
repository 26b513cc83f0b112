package dev.tidewheel.jobs;

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
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.tile.StageView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** A small world of flights for tests: a source, two entities with a view each, and random flights from a seed. */
public final class TestFlights {
    public static final long HORIZON = Duration.ofDays(1).toMillis();
    public static final long FUTURE_LIMIT = Duration.ofMinutes(10).toMillis();
    public static final long START = 978_307_200_000L; // 2001-01-01T00:00:00Z
    public static final long LINEAGE = 3;

    public static final String SCHEMA = """
            {"type": "record", "name": "Flight", "fields": [
              {"name": "flight_id", "type": "long"},
              {"name": "date", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
              {"name": "landing", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "origin", "type": ["null", "string"]},
              {"name": "destination", "type": "string"},
              {"name": "delay", "type": "int"}]}
            """;

    private static final Schema AVRO = new Schema.Parser().parse(SCHEMA);

    private TestFlights() {}

    /** One flight. */
    public record Flight(long id, long date, long landing, String origin, String destination, int delay) {

        public Change change() {
            Row row = new Row(6)
                    .setLong(0, id)
                    .setLong(1, date)
                    .setLong(2, landing)
                    .setString(3, origin)
                    .setString(4, destination)
                    .setLong(5, delay);
            return new Change(false, EventId.of(id), date, landing, row);
        }

        public byte[] avro() {
            return bytes(record());
        }

        public GenericRecord record() {
            GenericRecord record = new GenericData.Record(AVRO);
            record.put("flight_id", id);
            record.put("date", date);
            record.put("landing", landing);
            record.put("origin", origin);
            record.put("destination", destination);
            record.put("delay", delay);
            return record;
        }

        public String route() {
            return origin + "|" + destination;
        }
    }

    public static byte[] bytes(GenericRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(AVRO).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static RowSchema columns() {
        return new RowSchema(List.of(
                new Column("flight_id", ColumnType.INT64),
                new Column("date", ColumnType.TIMESTAMP),
                new Column("landing", ColumnType.TIMESTAMP),
                new Column("origin", ColumnType.STRING),
                new Column("destination", ColumnType.STRING),
                new Column("delay", ColumnType.INT64)));
    }

    /** A source and its topic of that name. */
    public static SourceLayout layout(String source) {
        return new SourceLayout(source, source, SCHEMA, "date", "landing", "flight_id");
    }

    public static JobDefinition job(String source) {
        return new JobDefinition(
                layout(source),
                HORIZON,
                TestFlights::columns,
                List.of(
                        new JobDefinition.Entity(List.of("origin"), TestFlights::originViews),
                        new JobDefinition.Entity(List.of("origin", "destination"), TestFlights::routeViews)));
    }

    public static List<StageView> originViews() {
        return List.of(new StageView(originPlan(), LINEAGE));
    }

    public static List<StageView> routeViews() {
        return List.of(new StageView(routePlan(), LINEAGE));
    }

    public static ViewPlan originPlan() {
        return plan(
                "origin_delays",
                List.of("origin"),
                List.of(
                        feature("mean_1h", "mean", "delay", hours(1)),
                        feature("mean_24h", "mean", "delay", hours(24)),
                        feature("flights_3h", "count", null, hours(3)),
                        feature("last_24h", "last", "delay", hours(24)),
                        feature("total", "count", null, new Window.Lifetime())));
    }

    /** The view of {@link #originPlan}, with a feature more. */
    public static ViewPlan changedOriginPlan() {
        return plan(
                "origin_delays",
                List.of("origin"),
                List.of(
                        feature("mean_1h", "mean", "delay", hours(1)),
                        feature("worst_24h", "max", "delay", hours(24)),
                        feature("total", "count", null, new Window.Lifetime())));
    }

    public static ViewPlan routePlan() {
        return plan(
                "route_delays",
                List.of("origin", "destination"),
                List.of(
                        feature("worst_7d", "max", "delay", hours(168)),
                        feature("total", "count", null, new Window.Lifetime())));
    }

    /** Counts flights, also those dated further ahead than the other views take. */
    public static ViewPlan generousPlan() {
        return plan(
                "origin_flights",
                List.of("origin"),
                List.of(feature("total", "count", null, new Window.Lifetime())),
                10 * FUTURE_LIMIT);
    }

    private static ViewPlan plan(String name, List<String> entity, List<FeatureSpec> features) {
        return plan(name, entity, features, FUTURE_LIMIT);
    }

    private static ViewPlan plan(String name, List<String> entity, List<FeatureSpec> features, long futureLimit) {
        return ViewPlan.compile(
                new ViewSpec(name, entity, Optional.empty(), List.of(), features, HORIZON, futureLimit, 10_000, 8),
                columns());
    }

    private static FeatureSpec feature(String name, String aggregate, String of, Window window) {
        return new FeatureSpec(name, aggregate, Map.of(), Optional.ofNullable(of), Optional.empty(), window);
    }

    private static Window hours(int hours) {
        return Window.Sliding.of(Duration.ofHours(hours).toMillis());
    }

    /** Flights in the order in which they landed; some of them late, some repeated. */
    public static List<Flight> random(long seed, int count) {
        Random random = new Random(seed);
        String[] airports = {"ORD", "DFW", "ATL", "LAX"};
        List<Flight> flights = new ArrayList<>();
        long known = START;
        for (int id = 0; id < count; id++) {
            known += random.nextInt(120_000);
            long before = random.nextInt(100) == 0
                    ? HORIZON + 1 + random.nextInt(10_000)
                    : 40 * 60_000 + random.nextInt(4 * 3_600_000);
            flights.add(new Flight(
                    id,
                    known - before,
                    known,
                    airports[random.nextInt(4)],
                    airports[random.nextInt(4)],
                    random.nextInt(200) - 30));
            if (random.nextInt(20) == 0) {
                flights.add(flights.get(random.nextInt(flights.size())));
            }
        }
        return flights;
    }
}
