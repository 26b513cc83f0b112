package dev.tidewheel.workbench.erase;

import dev.tidewheel.history.care.RowErasure;
import dev.tidewheel.history.care.RowErasure.Remaining;
import dev.tidewheel.history.run.RawCoverage;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.workbench.WorkbenchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.kafka.common.TopicPartition;

/**
 * Empties an entity's rows in the raw tables: in all that have its columns, whether a source still has them or is still
 * there; and in the table of logged inferences. For one thread.
 */
public final class TableErasure {
    /** What the monitoring job has of the log. */
    private static final TableIdentifier INFERENCES = TableIdentifier.of("monitoring", "inferences");

    private final Warehouse warehouse;
    private final Duration patience;
    private final boolean suspects;

    /**
     * @param patience with a job that has not committed yet what it has read
     * @param suspects whether refused records are emptied that may be the entity's
     */
    public TableErasure(Warehouse warehouse, Duration patience, boolean suspects) {
        this.warehouse = warehouse;
        this.patience = patience;
        this.suspects = suspects;
    }

    /**
     * What became of a table.
     *
     * @param rows that were emptied now
     * @param remaining where what they said still is
     * @param suspects refused records that may be the entity's, and were not emptied
     */
    public record Emptied(String table, long rows, Remaining remaining, long suspects) {}

    /**
     * What became of all of them.
     *
     * @param left tables that have the entity and were not touched, with the reason
     */
    public record Outcome(List<Emptied> emptied, Map<String, String> left) {
        public Outcome {
            emptied = List.copyOf(emptied);
            left = new TreeMap<>(left);
        }
    }

    /**
     * Empties the rows, of tables that a job writes once they have all that it had read before it took the entity no more.
     *
     * @param read by source what its job had read: at least so far its table is awaited
     * @param remembering sources that remember rows: their tables are only looked at
     * @throws WorkbenchException if a table does not get so far, or others commit all the time; asking again goes on
     */
    public Outcome erase(
            SortedMap<String, String> entity, Map<String, Map<TopicPartition, Long>> read, Set<String> remembering)
            throws InterruptedException {
        List<Emptied> emptied = new ArrayList<>();
        Map<String, String> left = new TreeMap<>();
        for (String source : warehouse.rawSources()) {
            Map<TopicPartition, Long> until = read.getOrDefault(source, Map.of());
            if (!until.isEmpty()) {
                await(source, until);
            }
            Table table = warehouse.catalog().loadTable(TableIdentifier.of("raw", source));
            Optional<RowErasure> erasure = RowErasure.of(table, entity, suspects);
            if (erasure.isEmpty()) {
                if (hadColumns(table, entity.keySet())) {
                    left.put(name(source), "its columns were dropped, and its files may still have them");
                }
            } else if (remembering.contains(source)) {
                if (erasure.get().remaining().newest()) {
                    left.put(
                            name(source),
                            "its source lacks the columns now, but computes from what its rows were: retire its views first");
                }
            } else {
                emptied.add(erase(name(source), erasure.get()));
            }
        }
        if (warehouse.catalog().tableExists(INFERENCES)) {
            Table table = warehouse.catalog().loadTable(INFERENCES);
            emptied.add(erase(INFERENCES.toString(), RowErasure.ofInferences(table, entity)));
        }
        return new Outcome(emptied, left);
    }

    /** Where the raw tables have records of erased entities, this one or others. */
    public BiPredicate<TopicPartition, Long> erased() {
        List<BiPredicate<TopicPartition, Long>> tables = warehouse.rawSources().stream()
                .map(source -> warehouse.raw(source).erased())
                .toList();
        return (partition, offset) -> tables.stream().anyMatch(table -> table.test(partition, offset));
    }

    private static boolean hadColumns(Table table, Set<String> columns) {
        Set<String> ever = new HashSet<>();
        for (Schema schema : table.schemas().values()) {
            schema.columns().forEach(column -> ever.add(column.name()));
        }
        Schema now = table.schema();
        return ever.containsAll(columns) && columns.stream().anyMatch(column -> now.findField(column) == null);
    }

    private static String name(String source) {
        return "raw." + source;
    }

    private void await(String source, Map<TopicPartition, Long> read) throws InterruptedException {
        try {
            var unused = new RawCoverage(warehouse, patience).await(source, read);
        } catch (IllegalStateException e) {
            throw new WorkbenchException(e.getMessage() + " Nothing of it was erased yet; erase again later", e);
        }
    }

    private Emptied erase(String table, RowErasure erasure) {
        try {
            RowErasure.Result result = erasure.erase();
            return new Emptied(table, result.rows(), erasure.remaining(), erasure.suspects());
        } catch (CommitFailedException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }
}
