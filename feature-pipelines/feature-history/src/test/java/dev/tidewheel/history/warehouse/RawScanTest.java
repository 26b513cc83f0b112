package dev.tidewheel.history.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.history.RawPrograms;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawScanTest {
    private static final int FILTERS = 200;

    @TempDir
    private Path folder;

    /** Where a record stands. */
    private record Place(int partition, long offset) {}

    /** What a scan says of a change. */
    private record Told(long eventTime, long knownTime, Map<String, String> values) {}

    @Test
    void whatAFilterLeavesOutIsNotNeeded() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RandomProgram program = RandomProgram.of(1 + random.nextInt(1_000), Kind.ADDITIONS);
        try (Warehouse warehouse = warehouse()) {
            RawPrograms raw = new RawPrograms(warehouse, "p");
            List<Arrival> byTime = program.arrivals().stream()
                    .sorted(Comparator.comparingLong(arrival -> arrival.change().eventTime()))
                    .toList();
            for (int from = 0; from < byTime.size(); from += 10) {
                raw.append(byTime.subList(from, Math.min(from + 10, byTime.size())));
            }
            Map<Place, Told> all = scan(warehouse, program, ScanFilter.of(names()));
            assertThat(all).as("seed %d", seed).hasSize(program.arrivals().size());
            int leftOut = 0;
            for (int i = 0; i < FILTERS; i++) {
                ScanFilter filter = filter(program, random);
                Map<Place, Told> found = scan(warehouse, program, filter);
                assertThat(all).as("seed %d, %s", seed, filter).containsAllEntriesOf(found);
                assertThat(found.keySet()).as("seed %d, %s", seed, filter).containsAll(needed(all, filter));
                leftOut += all.size() - found.size();
            }
            assertThat(leftOut).as("seed %d: nothing was ever left out", seed).isGreaterThan(FILTERS);
        }
    }

    @Test
    void onlyTheColumnsThatAreNeededAreRead() throws Exception {
        RandomProgram program = RandomProgram.of(3, Kind.ADDITIONS);
        try (Warehouse warehouse = warehouse()) {
            new RawPrograms(warehouse, "p").append(program.arrivals());
            RawTable table = warehouse.raw("p");
            int k = RandomProgram.source().slot("k");
            int x = RandomProgram.source().slot("x");
            long[] met = new long[1];
            table.scan(columns(program), table.newestSnapshot().orElseThrow())
                    .scan(ScanFilter.of(Set.of("k")), Share.ALL, batch -> {
                        assertThat(batch.column(k).size()).isEqualTo(batch.size());
                        assertThat(batch.column(x).size()).isZero();
                        met[0] += batch.size();
                    });
            assertThat(met[0]).isEqualTo(program.arrivals().size());
        }
    }

    private static Set<Place> needed(Map<Place, Told> all, ScanFilter filter) {
        return all.entrySet().stream()
                .filter(entry -> entry.getValue().eventTime >= filter.happenedFrom()
                        && entry.getValue().eventTime < filter.happenedBefore()
                        && entry.getValue().knownTime <= filter.knownThrough())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static ScanFilter filter(RandomProgram program, Random random) {
        long from = random.nextInt(3) == 0 ? Long.MIN_VALUE : moment(program, random);
        long before = random.nextInt(3) == 0 ? Long.MAX_VALUE : moment(program, random);
        long known = random.nextInt(3) == 0 ? Long.MAX_VALUE : moment(program, random);
        return new ScanFilter(names(), from, before, known);
    }

    private static long moment(RandomProgram program, Random random) {
        Arrival near = program.arrivals().get(random.nextInt(program.arrivals().size()));
        long of =
                random.nextBoolean() ? near.change().eventTime() : near.change().knownTime();
        return of + random.nextInt(3) - 1;
    }

    private static Set<String> names() {
        return RandomProgram.source().columns().stream()
                .map(column -> column.name())
                .collect(Collectors.toSet());
    }

    private static Map<Place, Told> scan(Warehouse warehouse, RandomProgram program, ScanFilter filter)
            throws IOException {
        RawTable table = warehouse.raw("p");
        Map<Place, Told> told = new HashMap<>();
        table.scan(columns(program), table.newestSnapshot().orElseThrow()).scan(filter, Share.ALL, batch -> {
            for (int record = 0; record < batch.size(); record++) {
                assertThat(batch.isChange(record)).isTrue();
                Map<String, String> values = new HashMap<>();
                for (int slot = 0; slot < RandomProgram.source().size(); slot++) {
                    ColumnBuffer column = batch.column(slot);
                    values.put(column.column().name(), text(column, record));
                }
                Place place = new Place(batch.channel(record), batch.offset(record));
                Told is = new Told(batch.eventTime(record), batch.knownTime(record), values);
                assertThat(told.put(place, is)).isNull();
            }
        });
        return told;
    }

    private static String text(ColumnBuffer column, int record) {
        if (column.isNull(record)) {
            return "null";
        }
        return column.isString() ? column.string(record) : Long.toString(column.word(record));
    }

    private Warehouse warehouse() {
        Warehouse warehouse = Warehouse.open(
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db")));
        warehouse.catalog().createNamespace(Namespace.of("raw"));
        return warehouse;
    }

    private static SourceColumns columns(RandomProgram program) {
        return new SourceColumns(
                "p",
                RandomProgram.source(),
                "happened",
                Optional.of("known"),
                program.declaresIds() ? Optional.of("id") : Optional.empty());
    }
}
