package dev.tidewheel.history.care;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cares for a table beside the job that commits to it. Each step is a commit of its own that changes no row, of the newest
 * snapshot or of a tagged one, so care may die between any two of them, or within one: what is lost is a file that nobody
 * names, and the next time removes it.
 *
 * <p>The job goes first: a step that meets its commits is planned anew from what is there then, a few times, and otherwise
 * left for the next time. Not thread-safe.
 */
public final class TableCare {
    private static final Logger LOG = LoggerFactory.getLogger(TableCare.class);
    private static final int ATTEMPTS = 3;
    /** More than that in one go would only be met by a table that nobody has cared for in years. */
    private static final int COMPACTIONS = 1_000;

    private final String name;
    private final SnapshotExpiry expiry;
    private final Compaction compaction;
    private final UpsertCompaction upserts;
    private final ManifestCare manifests;
    private final OrphanFiles orphans;

    /**
     * @param name what reports call the table
     * @param tagPrefix what the names of tags begin with that may be released by age
     */
    public TableCare(String name, CarePolicy policy, String tagPrefix) {
        this.name = name;
        this.expiry = new SnapshotExpiry(policy, tagPrefix);
        this.compaction = new Compaction(policy);
        this.upserts = new UpsertCompaction(policy);
        this.manifests = new ManifestCare(policy.manifests());
        this.orphans = new OrphanFiles(policy.orphans());
    }

    /**
     * Does all steps once.
     *
     * @param now epoch milliseconds, by the clock that stamps commits
     */
    public CareReport run(Table table, long now) {
        Attempts attempts = new Attempts(name, table);
        List<String> released = attempts.make("tags", List.of(), () -> expiry.releaseTags(table, now));
        if (!released.isEmpty()) {
            LOG.info("{}: released tags {}, older than the policy lets them be", name, released);
        }
        int expired = attempts.make("snapshots", 0, () -> expiry.expire(table, now));
        Compaction.Result compacted = compact(attempts, table);
        int rewritten = attempts.make("manifests", 0, () -> manifests.rewrite(table));
        OrphanFiles.Result removed =
                attempts.make("orphans", OrphanFiles.Result.NONE, () -> orphans.remove(table, now));
        table.refresh();
        return new CareReport(
                name,
                released,
                expired,
                compacted.from(),
                compacted.into(),
                rewritten,
                removed.files(),
                removed.bytes(),
                attempts.conflicts,
                attempts.unfinished,
                TableHealth.of(table, compaction.small(table)));
    }

    private Compaction.Result compact(Attempts attempts, Table table) {
        Compaction.Result all = Compaction.Result.NONE;
        for (int i = 0; i < COMPACTIONS; i++) {
            Compaction.Result one = attempts.make("files", Compaction.Result.NONE, () -> compact(table));
            if (one.from() == 0) {
                return all;
            }
            all = all.plus(one);
        }
        return all;
    }

    /** A table whose rows have places is never deleted from, and its files are kept in their order. */
    private Compaction.Result compact(Table table) {
        return Compaction.concerns(table) ? compaction.next(table) : upserts.next(table);
    }

    /** Tries steps again that met a conflict, and counts. */
    private static final class Attempts {
        private final String name;
        private final Table table;
        private final List<String> unfinished = new ArrayList<>();
        private int conflicts;

        Attempts(String name, Table table) {
            this.name = name;
            this.table = table;
        }

        <T> T make(String step, T nothing, Supplier<T> work) {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                table.refresh();
                try {
                    return work.get();
                } catch (CommitFailedException | ValidationException e) {
                    conflicts++;
                    LOG.info("{}: {} met another commit, attempt {}: {}", name, step, attempt, e.getMessage());
                }
            }
            unfinished.add(step);
            return nothing;
        }
    }
}
