package dev.tidewheel.history.care;

import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Tells the commits of care from those of the jobs. */
final class CareMark {
    /** The property of a snapshot's summary that says what care did. */
    static final String PROPERTY = "tidewheel.care";
    /** The property that Flink's committer looks for in the chain of snapshots, to know what it has committed. */
    private static final String COMMITTED_CHECKPOINT = "flink.max-committed-checkpoint-id";

    private CareMark() {}

    /**
     * How many of the newest snapshots must stay so that a job that is restored finds its own newest commit: it walks from
     * parent to parent, and commits its files once more if the chain ends before.
     */
    static int untilNewestCheckpoint(Table table) {
        int depth = 0;
        for (Snapshot at = table.currentSnapshot(); at != null; at = parent(table, at)) {
            depth++;
            if (at.summary().containsKey(COMMITTED_CHECKPOINT)) {
                return depth;
            }
        }
        return 0;
    }

    /** When somebody else than care committed last, epoch milliseconds; empty if no snapshot tells it any more. */
    static Optional<Long> lastWritten(Table table) {
        for (Snapshot at = table.currentSnapshot(); at != null; at = parent(table, at)) {
            if (!at.summary().containsKey(PROPERTY)) {
                return Optional.of(at.timestampMillis());
            }
        }
        return Optional.empty();
    }

    private static @org.jspecify.annotations.Nullable Snapshot parent(Table table, Snapshot of) {
        Long parent = of.parentId();
        return parent == null ? null : table.snapshot(parent);
    }
}
