package dev.tidewheel.workbench.erase;

import dev.tidewheel.history.care.RowErasure;
import dev.tidewheel.history.run.RawCoverage;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.workbench.WorkbenchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.kafka.common.TopicPartition;

/** Empties an entity's rows in the raw tables. For one thread. */
public final class TableErasure {
    private final Warehouse warehouse;
    private final Duration patience;

    /** @param patience with a job that has not committed yet what it has read */
    public TableErasure(Warehouse warehouse, Duration patience) {
        this.warehouse = warehouse;
        this.patience = patience;
    }

    /**
     * What became of a table.
     *
     * @param rows that were emptied now
     * @param older whether snapshots that no tag names still have what the rows said
     * @param tags that name such a snapshot
     */
    public record Emptied(String table, long rows, boolean older, Set<String> tags) {
        public Emptied {
            tags = Set.copyOf(tags);
        }
    }

    /**
     * Empties the rows, once a table has all that the job had read before it took the entity no more.
     *
     * @param read by source what its job had read: at least so far the tables are awaited
     * @throws WorkbenchException if a table does not get so far, or others commit all the time; asking again goes on
     */
    public List<Emptied> erase(SortedMap<String, String> entity, Map<String, Map<TopicPartition, Long>> read)
            throws InterruptedException {
        List<Emptied> emptied = new ArrayList<>();
        for (Map.Entry<String, Map<TopicPartition, Long>> source : new TreeMap<>(read).entrySet()) {
            if (warehouse.hasRaw(source.getKey())) {
                await(source.getKey(), source.getValue());
                emptied.add(erase(source.getKey(), entity));
            }
        }
        return emptied;
    }

    private void await(String source, Map<TopicPartition, Long> read) throws InterruptedException {
        try {
            var unused = new RawCoverage(warehouse, patience).await(source, read);
        } catch (IllegalStateException e) {
            throw new WorkbenchException(e.getMessage() + " Nothing of it was erased yet; erase again later", e);
        }
    }

    private Emptied erase(String source, SortedMap<String, String> entity) {
        Table table = warehouse.catalog().loadTable(TableIdentifier.of("raw", source));
        RowErasure erasure = new RowErasure(table, entity);
        try {
            RowErasure.Result result = erasure.erase();
            return new Emptied("raw." + source, result.rows(), erasure.olderSnapshotsHaveRows(), erasure.tags());
        } catch (CommitFailedException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }
}
