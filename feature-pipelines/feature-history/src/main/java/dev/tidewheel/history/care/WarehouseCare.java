package dev.tidewheel.history.care;

import dev.tidewheel.history.run.TrainingSets;
import dev.tidewheel.history.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cares for the tables of a warehouse that jobs write, one after the other; what goes wrong with one keeps no other. Not thread-safe. */
public final class WarehouseCare {
    private static final Logger LOG = LoggerFactory.getLogger(WarehouseCare.class);

    private final Warehouse warehouse;
    private final CarePolicy policy;
    private final Map<TableIdentifier, TableCare> cares = new HashMap<>();

    public WarehouseCare(Warehouse warehouse, CarePolicy policy) {
        this.warehouse = warehouse;
        this.policy = policy;
    }

    /**
     * One round.
     *
     * @param done what was done, by table
     * @param failed of the other tables what went wrong; it is tried again in the next round
     */
    public record Round(List<CareReport> done, Map<String, String> failed) {
        public Round {
            done = List.copyOf(done);
            failed = Map.copyOf(failed);
        }

        /** Whether others' commits left something for the next round. */
        public boolean unfinished() {
            return done.stream().anyMatch(report -> !report.unfinished().isEmpty());
        }
    }

    /** The tables that are cared for, such as {@code raw.flights} and {@code monitoring.metrics}. */
    public List<String> tables() {
        return Warehouse.OF_JOBS.stream()
                .filter(namespace -> warehouse.catalog().namespaceExists(namespace))
                .flatMap(namespace -> warehouse.catalog().listTables(namespace).stream())
                .map(TableIdentifier::toString)
                .sorted()
                .toList();
    }

    /**
     * Cares for tables.
     *
     * @param tables of {@link #tables()}
     * @param now epoch milliseconds
     */
    public Round run(Collection<String> tables, long now) {
        List<CareReport> done = new ArrayList<>();
        Map<String, String> failed = new HashMap<>();
        for (String table : tables) {
            try {
                done.add(care(TableIdentifier.parse(table), now));
            } catch (RuntimeException e) {
                LOG.error("care for {} failed; it is tried again in the next round", table, e);
                failed.put(table, String.valueOf(e.getMessage()));
            }
        }
        return new Round(done, failed);
    }

    /**
     * Releases a tag: what only its snapshot needs goes with the next expiry.
     *
     * @throws IllegalArgumentException if there is no such tag
     */
    public void releaseTag(String table, String tag) {
        Table open = warehouse.catalog().loadTable(TableIdentifier.parse(table));
        if (!open.refs().containsKey(tag) || !open.refs().get(tag).isTag()) {
            throw new IllegalArgumentException(table + " has no tag '" + tag + "'; 'tidewheel care --once' lists them");
        }
        open.manageSnapshots().removeTag(tag).commit();
    }

    private CareReport care(TableIdentifier name, long now) {
        Table table = warehouse.catalog().loadTable(name);
        return cares.computeIfAbsent(name, unseen -> new TableCare(name.toString(), policy, TrainingSets.TAG))
                .run(table, now);
    }
}
