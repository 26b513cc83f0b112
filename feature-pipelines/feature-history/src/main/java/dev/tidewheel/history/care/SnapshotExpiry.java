package dev.tidewheel.history.care;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;

/** Lets go of old snapshots, and of tags that are too old, and of the files that only they needed. */
final class SnapshotExpiry {
    private final CarePolicy policy;
    private final String tagPrefix;

    /** @param tagPrefix what the names of tags begin with that may be released by age; others are a person's */
    SnapshotExpiry(CarePolicy policy, String tagPrefix) {
        this.policy = policy;
        this.tagPrefix = tagPrefix;
    }

    /**
     * Releases the tags whose snapshots are too old, if the policy says so.
     *
     * @param now epoch milliseconds
     * @return their names
     */
    List<String> releaseTags(Table table, long now) {
        List<String> old = new ArrayList<>();
        policy.tags().ifPresent(age -> {
            for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
                if (ref.getValue().isTag()
                        && ref.getKey().startsWith(tagPrefix)
                        && table.snapshot(ref.getValue().snapshotId()).timestampMillis() < now - age.toMillis()) {
                    old.add(ref.getKey());
                }
            }
        });
        if (!old.isEmpty()) {
            var release = table.manageSnapshots();
            old.forEach(release::removeTag);
            release.commit();
        }
        return old;
    }

    /**
     * Expires what neither a tag nor the policy keeps. The newest commit of a job stays with all that came after it.
     *
     * @param now epoch milliseconds
     * @return how many snapshots went
     */
    int expire(Table table, long now) {
        int before = count(table);
        int keep = Math.max(policy.keep(), CareMark.untilNewestCheckpoint(table));
        if (before > keep) {
            table.expireSnapshots()
                    .expireOlderThan(now - policy.snapshots().toMillis())
                    .retainLast(keep)
                    .commit();
            table.refresh();
        }
        return before - count(table);
    }

    private static int count(Table table) {
        int snapshots = 0;
        for (var unused : table.snapshots()) {
            snapshots++;
        }
        return snapshots;
    }
}
