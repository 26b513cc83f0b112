package dev.tidewheel.history.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingSetBuilderTest {
    private static final ServicePlan SERVICE = Flights.service();
    private static final String DATA = "data-00000.parquet";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyValueIsTheOracles(boolean pointInTime) throws Exception {
        long seed = new Random().nextLong();
        ChangeHistory history = Flights.random(new Random(seed), 2_000);
        Retiming world = pointInTime ? Retiming.POINT_IN_TIME : Retiming.EVENT_TIME;
        TrainingSet set = build(history, spec(world, Duration.ZERO), "set");

        assertThat(set.rows()).as("seed %d", seed).isGreaterThan(500);
        ChangeHistory known = pointInTime ? history : history.knownWhenHappened();
        assertEqualToOracle(set, history, known, 0, 1, "seed " + seed);
    }

    @Test
    void servingDelayHidesWhatBecameKnownTooRecently() throws Exception {
        long seed = new Random().nextLong();
        ChangeHistory history = Flights.random(new Random(seed), 1_000);
        Duration delay = Duration.ofMinutes(90);

        TrainingSet set = build(history, spec(Retiming.POINT_IN_TIME, delay), "set");

        assertEqualToOracle(set, history, history, delay.toMillis(), 1, "seed " + seed);
    }

    @Test
    void theSameCommandGivesTheSameBytes() throws Exception {
        ChangeHistory history = Flights.random(new Random(7), 1_000);
        TrainingSetSpec spec = spec(Retiming.POINT_IN_TIME, Duration.ZERO);

        builder(spec, history).threads(1).build(folder.resolve("a"));
        builder(spec, history).threads(3).build(folder.resolve("b"));

        for (String file : List.of(DATA, TrainingSetManifest.FILE)) {
            assertThat(folder.resolve("a").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
        }
    }

    @Test
    void theJoinOnEventTimesKnowsMore() throws Exception {
        ChangeHistory history = Flights.random(new Random(11), 2_000);
        double[] honest = build(history, spec(Retiming.POINT_IN_TIME, Duration.ZERO), "honest")
                .numbers("origin_delays.flights_1h");
        double[] naive = build(history, spec(Retiming.EVENT_TIME, Duration.ZERO), "naive")
                .numbers("origin_delays.flights_1h");

        assertThat(Arrays.stream(naive).sum())
                .isGreaterThan(2 * Arrays.stream(honest).sum());
    }

    @Test
    void changedDataIsRefused() throws Exception {
        ChangeHistory history = Flights.random(new Random(13), 100);
        build(history, spec(Retiming.POINT_IN_TIME, Duration.ZERO), "set");
        Path data = folder.resolve("set").resolve(DATA);
        byte[] bytes = Files.readAllBytes(data);
        bytes[bytes.length / 2] ^= 1;
        Files.write(data, bytes);

        assertThatThrownBy(() -> TrainingSet.open(folder.resolve("set")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("build the training set again");
    }

    @Test
    void realFlightsAgreeWithTheOracle() throws Exception {
        ChangeHistory history = Flights.real().orElse(null);
        assumeTrue(history != null, "the example flights are not at hand");
        TrainingSet set = build(history, spec(Retiming.POINT_IN_TIME, Duration.ZERO), "set");

        assertEqualToOracle(set, history, history, 0, 199, "real flights");
    }

    private static TrainingSetSpec spec(Retiming world, Duration delay) {
        Instant from = Instant.ofEpochMilli(Flights.START);
        return TrainingSetSpec.of(Flights.model(), "sha256:none", Map.of("origin_delays", 1L, "route_delays", 1L))
                .between(from.plus(Duration.ofDays(4)), from.plus(Duration.ofDays(9)))
                .knowing(world)
                .delayed(delay);
    }

    private static TrainingSetBuilder builder(TrainingSetSpec spec, ChangeHistory history) {
        return TrainingSetBuilder.ofModel(spec, Flights.model(), history, Flights.scans(history));
    }

    private TrainingSet build(ChangeHistory history, TrainingSetSpec spec, String name) throws Exception {
        builder(spec, history).build(folder.resolve(name));
        return TrainingSet.open(folder.resolve(name));
    }

    /** Compares every {@code step}-th row. */
    private static void assertEqualToOracle(
            TrainingSet set, ChangeHistory asked, ChangeHistory known, long delay, int step, String what)
            throws IOException {
        Map<Long, Row> events = new HashMap<>();
        for (int change = 0; change < asked.size(); change++) {
            if (asked.eventTime(change) > Flights.START + 12 * Flights.DAY) {
                break;
            }
            events.putIfAbsent(asked.id(change).low(), asked.row(change));
        }
        Map<String, double[]> columns = new HashMap<>();
        for (String name : set.numericColumns()) {
            columns.put(name, set.numbers(name));
        }
        double[] questions = set.numbers("question");
        long[] times = set.times();
        double[] labels = set.labels();
        Map<String, NaiveOracle> oracles = new HashMap<>();
        Map<String, KeyIndex> indices = new HashMap<>();
        for (int row = 0; row < set.rows(); row += step) {
            Row event = events.get((long) questions[row]);
            long t = times[row];
            assertThat(t).isEqualTo(event.getLong(1));
            assertThat(labels[row]).isEqualTo(event.getLong(6) > 15 ? 1 : 0);
            FeatureValues expected = expected(event, t, known, delay, oracles, indices);
            for (int slot = 0; slot < SERVICE.columns().size(); slot++) {
                String name = SERVICE.columns().column(slot).name();
                assertThat(columns.get(name)[row])
                        .as("%s: question %s at %d, %s", what, questions[row], t, name)
                        .isEqualTo(Double.valueOf(number(expected, slot)));
            }
        }
    }

    private static FeatureValues expected(
            Row event,
            long t,
            ChangeHistory known,
            long delay,
            Map<String, NaiveOracle> oracles,
            Map<String, KeyIndex> indices) {
        List<FeatureValues> values = new ArrayList<>();
        for (ViewRead read : SERVICE.reads()) {
            String key = read.view().entityKey(event).orElseThrow();
            KeyIndex keys = indices.computeIfAbsent(
                    read.view().spec().name(),
                    unseen -> known.keys(read.view().spec().entity()));
            int[] all = keys.changes(keys.number(key));
            int[] changes = Arrays.stream(all)
                    .filter(change -> Math.abs(known.eventTime(change) - Flights.START) < 10 * Flights.DAY)
                    .toArray();
            NaiveOracle oracle = oracles.computeIfAbsent(read.view().spec().name() + key, unseen -> {
                List<Change> rows =
                        Arrays.stream(changes).mapToObj(known::change).toList();
                return new NaiveOracle(read.view(), rows);
            });
            boolean any = all.length > 0 && known.visibleAt(all[0]) <= t - delay;
            values.add(
                    any
                            ? oracle.valuesAt(t, index -> known.visibleAt(changes[index]) <= t - delay)
                            : KeyState.absent(read.view()));
        }
        Row request = new Row(2).setLong(0, event.getLong(5)).setLong(1, Math.floorMod(t / Flights.HOUR, 24L));
        return SERVICE.assemble(request, values);
    }

    private static double number(FeatureValues values, int slot) {
        if (values.row().isNull(slot)) {
            return Double.NaN;
        }
        return switch (SERVICE.columns().column(slot).type()) {
            case FLOAT64 -> values.row().getDouble(slot);
            default -> values.row().getLong(slot);
        };
    }
}
