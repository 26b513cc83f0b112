package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewCost;
import dev.tidewheel.feature.view.ViewPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code validate --cost} prints about the flights, against what busy keys take: a busy airport, with a flight every 30
 * seconds, each landing after half an hour to three hours. Estimates lie between two thirds and
 * twice of what is measured.
 */
class FlightsCostTest {
    private static final long MINUTE = 60_000;
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final int FLIGHTS = 24_000;

    @ParameterizedTest
    @ValueSource(strings = {"origin_delays", "route_delays"})
    void theEstimateIsHonest(String view) {
        ViewPlan plan = Definitions.load(DefinitionsTest.FLIGHTS).viewPlan(view);
        ViewCost cost = plan.cost();
        KeyState state = new KeyState(plan);
        long written = 0;
        long heads = 0;
        List<Change> flights = IntStream.range(0, FLIGHTS)
                .mapToObj(number -> flight(plan.source(), number))
                .sorted(Comparator.comparingLong(Change::knownTime))
                .toList();
        for (int flight = 0; flight < FLIGHTS; flight++) {
            state.route(flights.get(flight), false);
            boolean folds = state.shouldFold();
            if (folds) {
                state.fold();
                written += flight < FLIGHTS / 2 ? 0 : state.encodeBase().length;
            }
            written += flight < FLIGHTS / 2 ? 0 : state.encodeHead().length;
            heads = Math.max(heads, state.encodeHead().length);
        }
        state.fold();
        honest("base of " + view, cost.baseBytes(), state.encodeBase().length);
        honest(
                "written per event of " + view,
                cost.bytesWrittenPerEvent(EVERY, plan.spec().headSpanMillis()),
                written / (FLIGHTS / 2));
        assertThat(cost.headBytes()).as("head of " + view).isGreaterThanOrEqualTo(heads);
    }

    private static void honest(String what, long estimate, long measured) {
        assertThat(estimate).as("%s: %d bytes measured", what, measured).isBetween(measured * 2 / 3, measured * 2);
    }

    private static Change flight(RowSchema schema, int number) {
        Random random = new Random(number);
        long departure = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli() + number * EVERY.toMillis();
        long landing = departure + (30 + random.nextInt(150)) * MINUTE;
        Row row = new Row(schema.size())
                .setLong(schema.slot("flight_id"), number)
                .setLong(schema.slot("date"), departure)
                .setLong(schema.slot("landing"), landing)
                .setString(schema.slot("origin"), "ORD")
                .setString(schema.slot("destination"), "D" + random.nextInt(120))
                .setLong(schema.slot("distance"), 300 + random.nextInt(2_000))
                .setLong(schema.slot("delay"), (long) (random.nextGaussian() * 30) + 5);
        return new Change(false, EventId.of(number), departure, landing, row);
    }
}
