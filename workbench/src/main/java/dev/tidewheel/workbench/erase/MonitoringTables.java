package dev.tidewheel.workbench.erase;

import dev.tidewheel.history.run.RawCoverage;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.process.Looks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types.NestedField;

/** What the monitoring job has in the warehouse, and how far it is. For one thread. */
final class MonitoringTables {
    private static final TableIdentifier INFERENCES = TableIdentifier.of("monitoring", "inferences");
    private static final TableIdentifier METRICS = TableIdentifier.of("monitoring", "metrics");
    private static final String OFFSET = "_offset";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Warehouse warehouse;

    MonitoringTables(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** The table of logged inferences; empty if there is no such job. */
    Optional<Table> inferences() {
        return table(INFERENCES);
    }

    /**
     * How far that table has the log: partition to next offset, by the upper bounds of its files, as the job itself looks
     * them up; empty if there is no table.
     */
    Optional<Map<Integer, Long>> written() {
        return inferences().map(MonitoringTables::written);
    }

    /**
     * Waits until the table has the log up to some offsets.
     *
     * @return what it lacks after that time: partition to the offset up to which it was wanted
     */
    Map<Integer, Long> awaitWritten(Map<Integer, Long> until, Duration patience) throws InterruptedException {
        return new Looks(patience, BETWEEN_LOOKS)
                .until(() -> Optional.of(missing(until)).filter(Map::isEmpty))
                .orElseGet(() -> missing(until));
    }

    private Map<Integer, Long> missing(Map<Integer, Long> until) {
        return new TreeMap<>(RawCoverage.missing(until, written().orElse(until)));
    }

    /** The table of metric rows; empty if there is no such job. */
    Optional<Table> metrics() {
        return table(METRICS);
    }

    private static Map<Integer, Long> written(Table table) {
        NestedField offset = table.schema().findField(OFFSET);
        Map<Integer, Long> next = new TreeMap<>();
        try (CloseableIterable<FileScanTask> files =
                table.newScan().includeColumnStats().planFiles()) {
            for (FileScanTask task : files) {
                DataFile file = task.file();
                ByteBuffer bound = file.upperBounds().get(offset.fieldId());
                if (bound == null) {
                    throw new IllegalStateException(file.location() + " has no upper bound of " + OFFSET
                            + ": the monitoring job did not write it");
                }
                next.merge(
                        file.partition().get(0, Integer.class),
                        Conversions.<Long>fromByteBuffer(offset.type(), bound) + 1,
                        Math::max);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + table.name(), e);
        }
        return next;
    }

    private Optional<Table> table(TableIdentifier name) {
        return warehouse.catalog().tableExists(name)
                ? Optional.of(warehouse.catalog().loadTable(name))
                : Optional.empty();
    }
}
