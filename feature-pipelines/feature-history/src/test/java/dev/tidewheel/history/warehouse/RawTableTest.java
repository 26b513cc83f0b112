package dev.tidewheel.history.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.care.RowErasure;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Coverage;
import dev.tidewheel.history.source.Position;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawTableTest {
    @TempDir
    private Path folder;

    private Warehouse warehouse;
    private RawRows raw;

    @BeforeEach
    void open() {
        warehouse = Warehouse.open(
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db")));
        raw = RawRows.create(warehouse);
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @Test
    void aSnapshotIsReadAsItWas() throws Exception {
        List<Row> rows = Flights.randomRows(new Random(3), 200);
        append(rows.subList(0, 100), 0, null);
        long pinned = warehouse.raw("flights").newestSnapshot().orElseThrow();
        append(rows.subList(100, rows.size()), 100, null);

        ChangeHistory then = warehouse.raw("flights").read(Flights.COLUMNS, pinned);
        ChangeHistory now = warehouse.raw("flights").readNewest(Flights.COLUMNS);

        assertThat(then.size()).isEqualTo(100);
        assertThat(now.size()).isEqualTo(rows.size());
        assertThat(now.row(0)).isEqualTo(rows.get(Math.toIntExact(now.offset(0))));
        assertThat(now.position(0)).isEqualTo(new Position("flights", 2, now.offset(0)));
        for (int change = 1; change < now.size(); change++) {
            assertThat(now.visibleAt(change)).isGreaterThanOrEqualTo(now.visibleAt(change - 1));
        }
    }

    @Test
    void whatWasWrittenTwiceCountsOnceAndWhatWasRejectedIsNoChange() throws Exception {
        List<Row> rows = Flights.randomRows(new Random(3), 50);
        append(rows.subList(0, 30), 0, null);
        append(rows.subList(20, 40), 20, null);
        append(List.of(new Row(Flights.SCHEMA.size())), 40, "UNDECODABLE");

        ChangeHistory history = warehouse.raw("flights").readNewest(Flights.COLUMNS);

        assertThat(history.size()).isEqualTo(40);
        assertThat(history.coverage()).containsOnlyKeys(2).containsEntry(2, new Coverage(41, 0, 41));
        assertThat(history.coverage().get(2).isContiguous()).isTrue();
    }

    @Test
    void ofTopicsThatFollowEachOtherOneIsRead() throws Exception {
        List<Row> rows = Flights.randomRows(new Random(3), 50);
        append(rows.subList(0, 30), 0, null);
        raw.follow("tidewheel.changelog.v.2");
        append(rows.subList(30, 50), 0, null);

        ChangeHistory former = warehouse.raw("flights").ofTopic("flights").readNewest(Flights.COLUMNS);
        ChangeHistory now =
                warehouse.raw("flights").ofTopic("tidewheel.changelog.v.2").readNewest(Flights.COLUMNS);

        assertThat(former.size()).isEqualTo(30);
        assertThat(now.size()).isEqualTo(20);
        assertThat(now.coverage()).containsOnlyKeys(2).containsEntry(2, new Coverage(20, 0, 20));
        assertThat(now.position(0).topic()).isEqualTo("tidewheel.changelog.v.2");
    }

    @Test
    void aTagKeepsASnapshotFromExpiring() throws Exception {
        append(Flights.randomRows(new Random(3), 10), 0, null);
        RawTable flights = warehouse.raw("flights");
        long pinned = flights.newestSnapshot().orElseThrow();
        flights.tag("training-1", pinned);
        flights.tag("training-1", pinned);
        append(Flights.randomRows(new Random(4), 10), 100, null);

        raw.expireAllButNewest();

        assertThat(warehouse.raw("flights").read(Flights.COLUMNS, pinned).size())
                .isGreaterThanOrEqualTo(10);
        long newest = warehouse.raw("flights").newestSnapshot().orElseThrow();
        assertThatThrownBy(() -> warehouse.raw("flights").tag("training-1", newest))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("names snapshot " + pinned);
    }

    @Test
    void anErasedEntityIsInNoSnapshotWheneverItWasTaken() throws Exception {
        List<Row> rows = Flights.randomRows(new Random(3), 200);
        append(rows.subList(0, 100), 0, null);
        long pinned = warehouse.raw("flights").newestSnapshot().orElseThrow();
        warehouse.raw("flights").tag("training-1", pinned);
        append(rows.subList(100, rows.size()), 100, null);
        String erased = rows.get(7).getString(3);
        ChangeHistory before = warehouse.raw("flights").read(Flights.COLUMNS, pinned);

        RowErasure.Result result = RowErasure.of(
                        warehouse.catalog().loadTable(TableIdentifier.of("raw", "flights")),
                        new TreeMap<>(Map.of("origin", erased)),
                        false)
                .orElseThrow()
                .erase();

        ChangeHistory then = warehouse.raw("flights").read(Flights.COLUMNS, pinned);
        ChangeHistory now = warehouse.raw("flights").readNewest(Flights.COLUMNS);
        assertThat(result.rows())
                .isEqualTo(rows.stream()
                        .filter(row -> row.getString(3).equals(erased))
                        .count());
        assertThat(now.size()).isEqualTo(rows.size() - result.rows());
        assertThat(then.size()).isLessThan(before.size()).isPositive();
        for (ChangeHistory history : List.of(then, now)) {
            for (int change = 0; change < history.size(); change++) {
                assertThat(history.row(change).getString(3)).isNotEqualTo(erased);
            }
        }
        long[] scanned = {0};
        warehouse
                .raw("flights")
                .scan(Flights.COLUMNS, pinned)
                .scan(ScanFilter.of(Set.of("origin")), Share.ALL, batch -> {
                    for (int record = 0; record < batch.size(); record++) {
                        scanned[0] += batch.isChange(record) ? 1 : 0;
                    }
                });
        assertThat(scanned[0]).as("column by column").isEqualTo(then.size());
        assertThat(then.coverage()).as("for the books").isEqualTo(before.coverage());
        assertThat(then.erased()).containsOnlyKeys(2);
    }

    @Test
    void aSnapshotThatIsGoneIsSaidToBe() {
        assertThatThrownBy(() -> warehouse.raw("flights").read(Flights.COLUMNS, 42))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("raw.flights has no snapshot 42");
        assertThat(warehouse.raw("flights").readNewest(Flights.COLUMNS).size()).isZero();
        assertThat(warehouse.rawSources()).containsExactly("flights");
    }

    /** All in partition 2. */
    private void append(List<Row> rows, long firstOffset, String rejected) throws IOException {
        int[] partitions = new int[rows.size()];
        Arrays.fill(partitions, 2);
        raw.append(
                rows,
                partitions,
                LongStream.range(firstOffset, firstOffset + rows.size()).toArray(),
                rejected);
    }
}
