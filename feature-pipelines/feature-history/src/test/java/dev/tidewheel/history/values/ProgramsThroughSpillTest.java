package dev.tidewheel.history.values;

import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.RawPrograms;
import dev.tidewheel.history.replay.ViewReplay;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.ChangeSink;
import dev.tidewheel.history.scan.FileScan;
import dev.tidewheel.history.scan.HistoryScan;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.ParquetHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.spill.Spilling;
import dev.tidewheel.history.warehouse.RawTable;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs, asked at random moments within budgets so small that rows, questions and answers are spilled all the
 * time: every value and every status is that of the same history held in memory and played key by key.
 */
class ProgramsThroughSpillTest {
    private static final int PROGRAMS = 40;
    private static final int QUESTIONS = 400;
    private static final long MINUTE = 60_000;
    private static final AtomicInteger TABLES = new AtomicInteger();

    @TempDir
    private Path folder;

    @Test
    void everyValueIsThatOfTheHistoryInMemory() throws Exception {
        WarehouseConfig config =
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        try (Warehouse warehouse = Warehouse.open(config)) {
            warehouse.catalog().createNamespace(Namespace.of("raw"));
            Programs.run(Kind.HISTORY, PROGRAMS, (program, met) -> difference(program, warehouse, met));
        }
    }

    private Optional<String> difference(RandomProgram program, Warehouse warehouse, Programs.Met met) throws Exception {
        Random random = new Random(program.seed());
        World world = world(program, warehouse, random);
        ChangeHistory history = world.history;
        ChangeScan scan = world.scan;
        KnownTimes known = random.nextInt(4) == 0 ? KnownTimes.WHEN_HAPPENED : KnownTimes.REAL;
        long delay = random.nextInt(3) * 90 * MINUTE;
        List<Asked> asked = questions(program, random);
        List<PastValues.View> views = program.plans().stream()
                .map(plan -> new PastValues.View(plan, scan, known))
                .toList();
        Spilling spilling = new Spilling(1 << 10 + random.nextInt(12), folder);
        try (PastValues values = new PastValues(views, delay, 1 + random.nextInt(3), spilling)) {
            for (Asked question : asked) {
                values.ask(question.t, question.keys);
            }
            values.answer((done, total) -> {});
            ChangeHistory played = known == KnownTimes.REAL ? history : history.knownWhenHappened();
            return compare(program.plans(), played, asked, delay, values, met);
        }
    }

    private static Optional<String> compare(
            List<ViewPlan> plans,
            ChangeHistory history,
            List<Asked> asked,
            long delay,
            PastValues values,
            Programs.Met met)
            throws IOException {
        List<ViewReplay> replays =
                plans.stream().map(plan -> new ViewReplay(plan, history)).toList();
        for (Asked question : asked) {
            List<FeatureValues> actual = values.next();
            for (int view = 0; view < replays.size(); view++) {
                ViewReplay replay = replays.get(view);
                int key = replay.number(question.keys.get(view));
                FeatureValues expected = replay.read(key, question.t, question.t - delay);
                met.compared(actual.get(view));
                if (!expected.row().equals(actual.get(view).row()) || !agree(expected, actual.get(view))) {
                    return Optional.of(
                            "key " + question.keys.get(view) + " at " + question.t + " is " + actual.get(view) + " of "
                                    + plans.get(view).spec().name() + ", and was " + expected.row());
                }
            }
        }
        return Optional.empty();
    }

    /** A key whose changes lie before every window may count as never seen. */
    private static boolean agree(FeatureValues expected, FeatureValues actual) {
        for (int slot = 0; slot < expected.statuses().length; slot++) {
            boolean isEmpty = expected.row().isNull(slot) || expected.row().getLong(slot) == 0;
            if (expected.status(slot) != actual.status(slot) && (actual.status(slot) != Status.NOT_FOUND || !isEmpty)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A question to every view.
     *
     * @param keys one per view
     */
    private record Asked(long t, List<String> keys) {}

    private static List<Asked> questions(RandomProgram program, Random random) {
        List<Long> moments = new ArrayList<>();
        List<Long> edges = program.moments();
        for (int i = 0; i < QUESTIONS && !program.arrivals().isEmpty(); i++) {
            Arrival near =
                    program.arrivals().get(random.nextInt(program.arrivals().size()));
            moments.add(
                    random.nextInt(8) == 0
                            ? edges.get(random.nextInt(edges.size()))
                            : near.change().visibleAt() + random.nextInt(3) - 1);
        }
        Collections.sort(moments);
        return moments.stream().map(t -> new Asked(t, keys(program, random))).toList();
    }

    private static List<String> keys(RandomProgram program, Random random) {
        Arrival like = program.arrivals().get(random.nextInt(program.arrivals().size()));
        return program.plans().stream()
                .map(plan -> random.nextInt(20) == 0
                        ? "nobody"
                        : plan.entityKey(like.change().row()).orElseThrow())
                .toList();
    }

    private static ChangeHistory inMemory(RandomProgram program, Random random) {
        SourceColumns columns = new SourceColumns(
                "program",
                RandomProgram.source(),
                "happened",
                Optional.of("known"),
                program.declaresIds() ? Optional.of("id") : Optional.empty());
        ChangeHistory.Builder builder =
                new ChangeHistory.Builder(columns, new Origin.Memory("program"), RandomProgram.TOPIC);
        List<Arrival> shuffled = new ArrayList<>(program.arrivals());
        Collections.shuffle(shuffled, random);
        for (Arrival arrival : shuffled) {
            builder.append(arrival.change().row());
            if (arrival.change().retraction()) {
                builder.taken(arrival.partition(), arrival.offset(), arrival.timestamp(), true);
            } else {
                builder.record(arrival.partition(), arrival.offset(), arrival.timestamp());
            }
        }
        return builder.build();
    }

    /** A history in memory, and where the same is read through. */
    private record World(ChangeHistory history, ChangeScan scan) {}

    /**
     * In one file; or in Iceberg in pieces, some rows twice; retractions, which no plain table tells of, out of memory and all
     * twice.
     */
    private static World world(RandomProgram program, Warehouse warehouse, Random random) throws IOException {
        ChangeHistory history = inMemory(program, random);
        boolean retracts =
                program.arrivals().stream().anyMatch(arrival -> arrival.change().retraction());
        if (retracts || program.arrivals().isEmpty()) {
            return new World(history, new TwiceScan(new HistoryScan(history)));
        }
        String name = "program" + TABLES.incrementAndGet();
        RawPrograms raw = new RawPrograms(warehouse, name);
        if (program.declaresIds() && random.nextInt(3) == 0) {
            Path file = Path.of(raw.append(program.arrivals()).location().replaceFirst("^file:", ""));
            return new World(ParquetHistory.read(file, history.columns()), new FileScan(file, history.columns()));
        }
        raw.appendInPieces(program.arrivals(), random);
        RawTable table = warehouse.raw(name);
        return new World(
                history, table.scan(history.columns(), table.newestSnapshot().orElseThrow()));
    }

    /** As if every record had been written twice. */
    private record TwiceScan(ChangeScan once) implements ChangeScan {
        @Override
        public SourceColumns columns() {
            return once.columns();
        }

        @Override
        public Origin origin() {
            return once.origin();
        }

        @Override
        public void scan(ScanFilter filter, Share share, ChangeSink sink) throws IOException {
            once.scan(filter, share, sink);
            once.scan(filter, share, sink);
        }
    }
}
