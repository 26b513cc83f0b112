package dev.tidewheel.workbench.erase;

import dev.tidewheel.history.care.EntitySegments;
import dev.tidewheel.history.care.RowErasure;
import dev.tidewheel.history.care.RowErasure.Remaining;
import dev.tidewheel.history.care.SegmentErasure;
import dev.tidewheel.history.run.RawCoverage;
import dev.tidewheel.history.warehouse.Warehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties an entity's rows in the raw tables: in all that have its columns, whether a source still has them or is still
 * there; and in the table of logged inferences. Takes the rows of its segments out of the table of metrics. For one thread.
 */
public final class TableErasure {
    private static final Logger LOG = LoggerFactory.getLogger(TableErasure.class);
    private static final String INFERENCES = "monitoring.inferences";

    private static final String METRICS = "monitoring.metrics";
    /** How long the monitoring job takes to read a profile, and clocks may differ, at most. */
    private static final Duration SETTLING = Duration.ofMinutes(1);

    private final Warehouse warehouse;
    private final Duration patience;
    private final Wanted wanted;

    /** @param patience with a job that has not committed yet what it has read */
    public TableErasure(Warehouse warehouse, Duration patience, Wanted wanted) {
        this.warehouse = warehouse;
        this.patience = patience;
        this.wanted = wanted;
    }

    /**
     * What is asked for beyond what surely is the entity's.
     *
     * @param suspects whether rows are emptied or taken out that may be the entity's
     * @param orphans of which age files go that no snapshot names, see {@link RowErasure#removeUnnamedFiles}; empty to
     *     leave them
     * @param now epoch milliseconds
     */
    public record Wanted(boolean suspects, Optional<Duration> orphans, long now) {}

    /**
     * What became of a table.
     *
     * @param places whether the places of its rows stay; else nothing of them does
     * @param rows that were emptied or taken out now
     * @param remaining where what they said still is
     * @param suspects rows that may be the entity's, and were left as they are
     * @param orphans files of its folder that no snapshot named, and that were removed
     * @param unnamed those that are left
     */
    public record Emptied(
            String table, boolean places, long rows, Remaining remaining, long suspects, int orphans, int unnamed) {}

    /**
     * What became of all of them.
     *
     * @param left tables that have the entity, or may, with the reason why
     */
    public record Outcome(List<Emptied> emptied, Map<String, String> left) {
        public Outcome {
            emptied = List.copyOf(emptied);
            left = new TreeMap<>(left);
        }
    }

    /**
     * How far others were.
     *
     * @param read by source what its job had read before it took the entity no more: at least so far its table is awaited
     * @param logged how far the log of inferences is written, by partition: so far its table is awaited
     * @param remembering sources that remember rows: their tables are only looked at
     * @param profiles see {@link ProfileErasure.Outcome#written}: what the monitoring job made before it read them it may
     *     commit later
     */
    public record Until(
            Map<String, Map<TopicPartition, Long>> read,
            Map<Integer, Long> logged,
            Set<String> remembering,
            OptionalLong profiles) {
        public Until {
            read = Map.copyOf(read);
            logged = Map.copyOf(logged);
            remembering = Set.copyOf(remembering);
        }
    }

    /** Empties the rows, of tables that a job writes once they have what they have to. What fails does so for its table alone. */
    public Outcome erase(SortedMap<String, String> entity, Until until) throws InterruptedException {
        List<Emptied> emptied = new ArrayList<>();
        Map<String, String> left = new TreeMap<>();
        for (String source : warehouse.rawSources()) {
            attempt(name(source), left, () -> eraseRaw(entity, source, until, emptied, left));
        }
        attempt(INFERENCES, left, () -> eraseInferences(entity, until.logged(), emptied, left));
        attempt(METRICS, left, () -> eraseMetrics(entity, until.profiles(), emptied, left));
        return new Outcome(emptied, left);
    }

    /** What can fail. */
    private interface Step {
        void run() throws InterruptedException;
    }

    /** The other tables, and what is gone by now, must be reported whatever becomes of this one. */
    private static void attempt(String table, Map<String, String> left, Step step) throws InterruptedException {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.warn("{} was not erased", table, e);
            left.put(table, e.getMessage() + "; say this again");
        }
    }

    private void eraseRaw(
            SortedMap<String, String> entity,
            String source,
            Until until,
            List<Emptied> emptied,
            Map<String, String> left)
            throws InterruptedException {
        Map<TopicPartition, Long> read = until.read().getOrDefault(source, Map.of());
        if (!read.isEmpty()) {
            var unused = new RawCoverage(warehouse, patience).await(source, read);
        }
        Table table = warehouse.catalog().loadTable(TableIdentifier.of("raw", source));
        if (hadColumns(table, entity.keySet())) {
            left.put(name(source), "its columns were dropped, and its files may still have them");
        }
        Optional<RowErasure> possible = RowErasure.of(table, entity, wanted.suspects());
        if (possible.isEmpty()) {
            return;
        }
        RowErasure erasure = possible.get();
        if (!until.remembering().contains(source) || !erasure.namesIt()) {
            emptied.add(erase(name(source), erasure));
        } else if (erasure.remaining().newest() || erasure.suspects() > 0) {
            left.put(
                    name(source),
                    "its source lacks the columns now, but computes from what its rows were: retire its views first");
        }
    }

    private void eraseInferences(
            SortedMap<String, String> entity,
            Map<Integer, Long> logged,
            List<Emptied> emptied,
            Map<String, String> left)
            throws InterruptedException {
        MonitoringTables monitoring = new MonitoringTables(warehouse);
        Optional<Table> table = monitoring.inferences();
        if (table.isEmpty()) {
            return;
        }
        Map<Integer, Long> missing = monitoring.awaitWritten(logged, patience);
        if (!missing.isEmpty()) {
            left.put(
                    INFERENCES,
                    "it lacks what was logged before " + missing + " (partition=offset) by now, and the monitoring job"
                            + " will write it: start the job, then say this again");
        }
        emptied.add(erase(INFERENCES, RowErasure.ofInferences(table.get(), entity, wanted.suspects())));
    }

    private void eraseMetrics(
            SortedMap<String, String> entity, OptionalLong profiles, List<Emptied> emptied, Map<String, String> left) {
        new MonitoringTables(warehouse).metrics().ifPresent(table -> {
            SegmentErasure erasure = new SegmentErasure(table, new EntitySegments(entity), wanted.suspects());
            // Looked at before the rows: what was committed by then is taken out.
            boolean settled =
                    profiles.stream().allMatch(written -> erasure.isWrittenSince(written + SETTLING.toMillis()));
            RowErasure.Result result = erasure.erase();
            if (!settled || result.rows() > 0) {
                left.put(
                        METRICS,
                        "the monitoring job may be about to commit rows that it made before it knew the newest profile:"
                                + " say this again when it has committed twice, a minute after the profile; if it"
                                + " stands, start it");
            }
            int orphans = wanted.orphans()
                    .map(age -> erasure.removeUnnamedFiles(age, wanted.now()))
                    .orElse(0);
            emptied.add(new Emptied(
                    METRICS,
                    false,
                    result.rows(),
                    erasure.remaining(),
                    erasure.suspects(),
                    orphans,
                    erasure.unnamedFiles()));
        });
    }

    /** How far the monitoring job has the log of inferences in its table, by partition; empty if there is no such job. */
    public Optional<Map<Integer, Long>> monitored() {
        return new MonitoringTables(warehouse).written();
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

    private Emptied erase(String table, RowErasure erasure) {
        RowErasure.Result result = erasure.erase();
        int orphans = wanted.orphans()
                .map(age -> erasure.removeUnnamedFiles(age, wanted.now()))
                .orElse(0);
        return new Emptied(
                table, true, result.rows(), erasure.remaining(), erasure.suspects(), orphans, erasure.unnamedFiles());
    }
}
