package dev.tidewheel.historyjobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.RawPrograms;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.HistoryScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.spill.Spilling;
import dev.tidewheel.history.values.PastReader;
import dev.tidewheel.history.values.PastValues;
import dev.tidewheel.history.warehouse.RawTable;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs, asked at random moments: every value and every status that a cluster finds is that of one process, bit
 * for bit, by one subtask and by three of which some die.
 */
class ProgramsOnBatchTest {
    private static final int PROGRAMS = 40;
    private static final int QUESTIONS = 300;
    private static final int PARTS = 3;
    private static final long MINUTE = 60_000;
    private static final AtomicInteger RUNS = new AtomicInteger();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARTS)
            .build());

    @TempDir
    private Path folder;

    private int deaths;

    @Test
    void everyValueIsThatOfOneProcess() throws Exception {
        WarehouseConfig config =
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        try (Warehouse warehouse = Warehouse.open(config)) {
            warehouse.catalog().createNamespace(Namespace.of("raw"));
            Programs.run(Kind.HISTORY, PROGRAMS, (program, met) -> difference(program, warehouse, met));
        }
        assertThat(deaths).as("tasks that died").isPositive();
    }

    /** What is asked, and of what. */
    private record World(List<PastValues.View> views, List<Asked> asked, long delay) {}

    /** @param keys one per view */
    private record Asked(long t, List<String> keys) {}

    private Optional<String> difference(RandomProgram program, Warehouse warehouse, Programs.Met met) throws Exception {
        Random random = new Random(program.seed());
        ChangeScan scan = scan(program, warehouse, random);
        KnownTimes known = random.nextInt(4) == 0 ? KnownTimes.WHEN_HAPPENED : KnownTimes.REAL;
        List<PastValues.View> views = program.plans().stream()
                .map(plan -> new PastValues.View(plan, scan, known))
                .toList();
        World world = new World(views, questions(program, random), random.nextInt(3) * 90 * MINUTE);
        List<List<FeatureValues>> expected;
        try (PastReader here = new PastValues(views, world.delay, 2, Spilling.into(folder))) {
            expected = values(here, world);
        }
        Optional<String> alone = onCluster(world, 1, expected, met);
        if (alone.isPresent()) {
            return alone;
        }
        Deaths dying = new Deaths(program.seed(), 2, 400);
        boolean readers = random.nextBoolean();
        List<PastValues.View> mortal = views.stream()
                .map(view -> new PastValues.View(
                        view.plan(),
                        readers ? dying.in(view.scan()) : view.scan(),
                        readers ? view.known() : dying.in(view.known())))
                .toList();
        Optional<String> together = onCluster(new World(mortal, world.asked, world.delay), PARTS, expected, met);
        deaths += dying.happened();
        return together;
    }

    private Optional<String> onCluster(World world, int parts, List<List<FeatureValues>> expected, Programs.Met met)
            throws Exception {
        Path exchange = folder.resolve("exchange" + RUNS.incrementAndGet());
        ClusterReader cluster = new ClusterReader(exchange, parts, parts == 1 ? 2_048 : 0);
        try (PastReader there = cluster.open(world.views, world.delay)) {
            List<List<FeatureValues>> found = values(there, world);
            for (int rank = 0; rank < expected.size(); rank++) {
                for (int view = 0; view < world.views.size(); view++) {
                    FeatureValues one = expected.get(rank).get(view);
                    FeatureValues other = found.get(rank).get(view);
                    met.compared(other);
                    if (!one.row().equals(other.row()) || !Arrays.equals(one.statuses(), other.statuses())) {
                        return Optional.of("rank " + rank + " of view " + view + " with " + parts + " parts is "
                                + other.row() + ", and was " + one.row());
                    }
                }
            }
        }
        assertThat(exchange).doesNotExist();
        return Optional.empty();
    }

    private static List<List<FeatureValues>> values(PastReader reader, World world) throws Exception {
        for (Asked question : world.asked) {
            reader.ask(question.t, question.keys);
        }
        reader.answer((done, total) -> {});
        List<List<FeatureValues>> values = new ArrayList<>();
        for (int rank = 0; rank < world.asked.size(); rank++) {
            values.add(reader.next());
        }
        return values;
    }

    private static List<Asked> questions(RandomProgram program, Random random) {
        List<Long> moments = new ArrayList<>();
        for (int i = 0; i < QUESTIONS && !program.arrivals().isEmpty(); i++) {
            Arrival near =
                    program.arrivals().get(random.nextInt(program.arrivals().size()));
            moments.add(near.change().visibleAt() + random.nextInt(3) - 1);
        }
        Collections.sort(moments);
        return moments.stream().map(t -> new Asked(t, keys(program, random))).toList();
    }

    private static List<String> keys(RandomProgram program, Random random) {
        Arrival like = program.arrivals().get(random.nextInt(program.arrivals().size()));
        return program.plans().stream().map(plan -> key(plan, like, random)).toList();
    }

    private static String key(ViewPlan plan, Arrival like, Random random) {
        return random.nextInt(20) == 0
                ? "nobody"
                : plan.entityKey(like.change().row()).orElseThrow();
    }

    /** In Iceberg in pieces, some rows twice; retractions, which no plain table tells of, out of memory. */
    private static ChangeScan scan(RandomProgram program, Warehouse warehouse, Random random) throws IOException {
        SourceColumns columns = new SourceColumns(
                "program",
                RandomProgram.source(),
                "happened",
                Optional.of("known"),
                program.declaresIds() ? Optional.of("id") : Optional.empty());
        boolean retracts =
                program.arrivals().stream().anyMatch(arrival -> arrival.change().retraction());
        if (retracts || program.arrivals().isEmpty()) {
            return new HistoryScan(inMemory(program, columns));
        }
        String name = "program" + RUNS.incrementAndGet();
        new RawPrograms(warehouse, name).appendInPieces(program.arrivals(), random);
        RawTable table = warehouse.raw(name);
        return table.scan(columns, table.newestSnapshot().orElseThrow());
    }

    private static ChangeHistory inMemory(RandomProgram program, SourceColumns columns) {
        ChangeHistory.Builder builder =
                new ChangeHistory.Builder(columns, new Origin.Memory("program"), RandomProgram.TOPIC);
        for (Arrival arrival : program.arrivals()) {
            builder.append(arrival.change().row());
            if (arrival.change().retraction()) {
                builder.taken(arrival.partition(), arrival.offset(), arrival.timestamp(), true);
            } else {
                builder.record(arrival.partition(), arrival.offset(), arrival.timestamp());
            }
        }
        return builder.build();
    }
}
