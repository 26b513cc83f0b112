package dev.tidewheel.monitoring;

import dev.tidewheel.monitoring.table.MonitoringTable;
import dev.tidewheel.monitoring.table.Tables;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.CloseableIterable;

/** The tables as a reader from outside sees them. */
final class Warehouse {
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    private final Tables tables;

    Warehouse(WarehouseConfig config) {
        this.tables = new Tables(config);
    }

    /** Waits until a table has so many rows, and returns them. */
    List<Record> await(MonitoringTable table, int rows) {
        long until = System.nanoTime() + DEADLINE.toNanos();
        List<Record> read = rows(table);
        while (read.size() < rows) {
            if (System.nanoTime() > until) {
                throw new AssertionError(table + " has " + read.size() + " rows instead of " + rows);
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            read = rows(table);
        }
        return read;
    }

    private List<Record> rows(MonitoringTable table) {
        List<Record> rows = new ArrayList<>();
        try (TableLoader loader = open(table);
                CloseableIterable<Record> read =
                        IcebergGenerics.read(loader.loadTable()).build()) {
            read.forEach(rows::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** The paths of a log's files: nothing in them is ever deleted. */
    List<String> files(MonitoringTable table) {
        List<String> files = new ArrayList<>();
        try (TableLoader loader = open(table)) {
            Table loaded = loader.loadTable();
            try (CloseableIterable<FileScanTask> tasks = loaded.newScan().planFiles()) {
                tasks.forEach(task -> files.add(path(task.file().location())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private TableLoader open(MonitoringTable table) {
        TableLoader loader = tables.loader(table);
        loader.open();
        return loader;
    }

    private static String path(String location) {
        return location.startsWith("file:") ? Path.of(URI.create(location)).toString() : location;
    }
}
