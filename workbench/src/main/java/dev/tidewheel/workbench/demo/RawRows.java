package dev.tidewheel.workbench.demo;

import dev.tidewheel.history.backfill.Imported;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.warehouse.RawTable;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.warehouse.RawTables;
import dev.tidewheel.workbench.WorkbenchException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** The raw table of a source, as the feature job commits it: with every checkpoint a few seconds behind the stream. */
final class RawRows implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(120);
    private static final long POLL_MILLIS = 100;
    private static final String RECORDS = "total-records";

    private final Warehouse warehouse;
    private final SourceColumns columns;

    RawRows(WarehouseConfig config, SourceColumns columns) {
        this.warehouse = Warehouse.open(config);
        this.columns = columns;
    }

    /**
     * Returns when so many records are committed.
     *
     * @param check throws when waiting longer is of no use
     * @throws WorkbenchException after a deadline
     */
    void await(long records, Runnable check) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        long committed = committed();
        while (committed < records) {
            check.run();
            if (System.nanoTime() > deadline) {
                throw new WorkbenchException("of " + records + " records, only " + committed
                        + " are committed to the raw table after " + DEADLINE.toSeconds()
                        + " s: does the feature job still make checkpoints? See its web UI");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            committed = committed();
        }
    }

    /**
     * Everything that is committed now.
     *
     * @param tag keeps the snapshot from expiry
     */
    ChangeHistory read(String tag) {
        RawTable table = warehouse.raw(columns.source());
        long snapshot = table.newestSnapshot()
                .orElseThrow(() -> new WorkbenchException("the raw table of " + columns.source() + " is empty"));
        table.tag(tag, snapshot);
        return table.read(columns, snapshot);
    }

    /** What was imported beside the run. */
    List<Imported> imports() {
        return Imported.of(table());
    }

    @Override
    public void close() {
        warehouse.close();
    }

    private Table table() {
        return warehouse.catalog().loadTable(RawTables.name(columns.source()));
    }

    /** Of the topic. */
    private long committed() {
        if (!warehouse.hasRaw(columns.source())) {
            return 0;
        }
        Table table = table();
        Snapshot newest = table.currentSnapshot();
        long imported = Imported.of(table).stream().mapToLong(Imported::rows).sum();
        return newest == null ? 0 : Long.parseLong(newest.summary().getOrDefault(RECORDS, "0")) - imported;
    }
}
