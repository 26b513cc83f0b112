package dev.tidewheel.history.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.RawPrograms;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.ParquetHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs through history: written to Iceberg in pieces, in any order, some rows twice, or to one Parquet file;
 * read back and played forward. At any moment of the past, each value is the oracle's.
 */
class ProgramsThroughHistoryTest {
    private static final int PROGRAMS = 40;

    /** The order of a history: by visibility, then by place. */
    private static final Comparator<Arrival> ORDER = Comparator.comparingLong(
                    (Arrival arrival) -> arrival.change().visibleAt())
            .thenComparing(Arrival::partition)
            .thenComparing(Arrival::offset);

    private static final AtomicInteger TABLES = new AtomicInteger();

    @TempDir
    private Path folder;

    @Test
    void everyValueOfThePastEqualsTheOracle() throws Exception {
        WarehouseConfig config =
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        try (Warehouse warehouse = Warehouse.open(config)) {
            warehouse.catalog().createNamespace(Namespace.of("raw"));
            Programs.run(Kind.HISTORY, PROGRAMS, (program, met) -> throughHistory(program, warehouse, met));
        }
    }

    private static Optional<String> throughHistory(RandomProgram program, Warehouse warehouse, Programs.Met met)
            throws IOException {
        Random random = new Random(program.seed());
        boolean retracts =
                program.arrivals().stream().anyMatch(arrival -> arrival.change().retraction());
        boolean oneFile = program.declaresIds() && !retracts && random.nextInt(3) == 0;
        String name = "program" + TABLES.incrementAndGet();
        RawPrograms raw = new RawPrograms(warehouse, name);
        SourceColumns columns = columns(program, name);
        if (oneFile) {
            List<Arrival> inOnePartition = inOnePartition(program.arrivals());
            String file = raw.append(inOnePartition).location();
            ChangeHistory history = ParquetHistory.read(Path.of(file.replaceFirst("^file:", "")), columns);
            return compare(program, inOnePartition, history, random, met);
        }
        if (retracts) {
            return compare(program, program.arrivals(), inMemory(program, columns, random), random, met);
        }
        raw.appendInPieces(program.arrivals(), random);
        ChangeHistory history = warehouse.raw(name).readNewest(columns);
        return compare(program, program.arrivals(), history, random, met);
    }

    /** What a change stream's records become, in any order. */
    private static ChangeHistory inMemory(RandomProgram program, SourceColumns columns, Random random) {
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

    /** In a file, the place of a row is its number. */
    private static List<Arrival> inOnePartition(List<Arrival> arrivals) {
        List<Arrival> numbered = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            numbered.add(new Arrival(arrival.change(), 0, numbered.size(), arrival.timestamp()));
        }
        return numbered;
    }

    private static SourceColumns columns(RandomProgram program, String name) {
        return new SourceColumns(
                name,
                RandomProgram.source(),
                "happened",
                Optional.of("known"),
                program.declaresIds() ? Optional.of("id") : Optional.empty());
    }

    private static Optional<String> compare(
            RandomProgram program, List<Arrival> arrivals, ChangeHistory history, Random random, Programs.Met met) {
        List<Arrival> ordered = new ArrayList<>(arrivals);
        ordered.sort(ORDER);
        assertThat(history.size()).isEqualTo(ordered.size());
        for (ViewPlan plan : program.plans()) {
            ViewReplay replay = new ViewReplay(plan, history);
            for (Map.Entry<String, List<Change>> key :
                    RandomProgram.byKey(plan, ordered).entrySet()) {
                int number = replay.number(key.getKey());
                Optional<String> difference = Programs.differenceInTime(
                        program, plan, key.getValue(), random, (t, through) -> replay.read(number, t, through), met);
                if (difference.isPresent()) {
                    return Optional.of(plan.spec().name() + ", key " + key.getKey() + ": " + difference.get());
                }
            }
            assertThat(replay.read(replay.number("nobody"), 0, 0).statuses())
                    .isEqualTo(NaiveOracle.absent(plan).statuses());
        }
        return Optional.empty();
    }
}
