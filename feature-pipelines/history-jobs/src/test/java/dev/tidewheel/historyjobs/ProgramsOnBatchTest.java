package dev.tidewheel.historyjobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.RawPrograms;
import dev.tidewheel.history.RawPrograms.Form;
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
import dev.tidewheel.historyjobs.Steps.Step;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs of sources of every kind, asked at random moments: every value and every status that a cluster finds is
 * that of one process, bit for bit, by one subtask and by three of which some die, each time in the midst of something else.
 */
class ProgramsOnBatchTest {
    private static final int PROGRAMS = 20;
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

    private final Map<Stage, Integer> deaths = new EnumMap<>(Stage.class);
    private final Set<Form> forms = EnumSet.noneOf(Form.class);

    /** In the midst of what tasks die. */
    private enum Stage {
        READING,
        TAKING,
        PLAYING,
        WRITING;

        static Stage of(RandomProgram program) {
            return values()[(int) (program.seed() % values().length)];
        }
    }

    @Test
    void everyValueIsThatOfOneProcess() throws Exception {
        WarehouseConfig config =
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        try (Warehouse warehouse = Warehouse.open(config)) {
            warehouse.catalog().createNamespace(Namespace.of("raw"));
            for (Kind kind : List.of(Kind.HISTORY, Kind.ADDITIONS)) { // Those of few seeds all take rows back.
                Programs.run(kind, PROGRAMS, (program, met) -> difference(program, warehouse, met));
            }
        }
        assertThat(deaths)
                .isNotEmpty()
                .allSatisfy((stage, times) ->
                        assertThat(times).as("tasks that died " + stage).isPositive());
        if (Long.getLong("tidewheel.seed") == null) {
            assertThat(deaths).containsOnlyKeys(Stage.values());
            assertThat(forms).containsExactly(Form.values());
        }
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
        Optional<String> alone = onCluster(world, 1, step -> {}, expected, met);
        return alone.isPresent() ? alone : dying(Stage.of(program), program.seed(), world, expected, met);
    }

    private Optional<String> dying(
            Stage stage, long seed, World world, List<List<FeatureValues>> expected, Programs.Met met)
            throws Exception {
        Deaths dying = new Deaths(seed, 2, stage == Stage.READING ? 30 : QUESTIONS); // Few batches are read.
        List<PastValues.View> mortal = world.views.stream()
                .map(view -> new PastValues.View(
                        view.plan(),
                        stage == Stage.READING ? dying.in(view.scan()) : view.scan(),
                        stage == Stage.TAKING ? dying.in(view.known()) : view.known()))
                .toList();
        Optional<String> difference = onCluster(
                new World(mortal, world.asked, world.delay),
                PARTS,
                step -> {
                    if (step == Step.ANSWERED && stage == Stage.PLAYING
                            || step == Step.WRITTEN && stage == Stage.WRITING) {
                        dying.call();
                    }
                },
                expected,
                met);
        deaths.merge(stage, dying.happened(), Integer::sum);
        return difference;
    }

    private Optional<String> onCluster(
            World world, int parts, Consumer<Step> steps, List<List<FeatureValues>> expected, Programs.Met met)
            throws Exception {
        Path exchange = folder.resolve("exchange" + RUNS.incrementAndGet());
        ClusterReader cluster = new ClusterReader(exchange, parts, parts == 1 ? 2_048 : 0, steps);
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

    /** In Iceberg in pieces, some rows twice; retractions, which no table of events tells of, also out of memory. */
    private ChangeScan scan(RandomProgram program, Warehouse warehouse, Random random) throws IOException {
        boolean retracts =
                program.arrivals().stream().anyMatch(arrival -> arrival.change().retraction());
        int kind = random.nextInt(3);
        if (program.arrivals().isEmpty() || retracts && kind == 2) {
            return new HistoryScan(inMemory(program, Form.EVENTS.columns(program)));
        }
        Form form = retracts ? List.of(Form.CHANGES, Form.CHANGELOG).get(kind) : kind == 0 ? Form.UNION : Form.EVENTS;
        forms.add(form);
        String name = "program" + RUNS.incrementAndGet();
        new RawPrograms(warehouse, name, form).appendInPieces(program.arrivals(), random);
        RawTable table = warehouse.raw(name);
        return table.scan(form.columns(program), table.newestSnapshot().orElseThrow());
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
