package dev.tidewheel.history.care;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
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

    /**
     * When the job committed last, epoch milliseconds; empty if no snapshot tells it any more. An import's commit says
     * nothing about a job that stands.
     */
    static Optional<Long> lastWritten(Table table) {
        for (Snapshot at = table.currentSnapshot(); at != null; at = parent(table, at)) {
            if (at.summary().containsKey(COMMITTED_CHECKPOINT)) {
                return Optional.of(at.timestampMillis());
            }
        }
        return Optional.empty();
    }

    /**
     * How many checkpoints the job has committed since, as far as snapshots still tell.
     *
     * @param time epoch milliseconds, by the clock that stamps commits
     */
    static int checkpointsSince(Table table, long time) {
        Set<String> checkpoints = new HashSet<>();
        for (Snapshot at = table.currentSnapshot(); at != null; at = parent(table, at)) {
            String checkpoint = at.summary().get(COMMITTED_CHECKPOINT);
            if (checkpoint != null && at.timestampMillis() > time) {
                checkpoints.add(checkpoint);
            }
        }
        return checkpoints.size();
    }

    private static @org.jspecify.annotations.Nullable Snapshot parent(Table table, Snapshot of) {
        Long parent = of.parentId();
        return parent == null ? null : table.snapshot(parent);
    }
}
