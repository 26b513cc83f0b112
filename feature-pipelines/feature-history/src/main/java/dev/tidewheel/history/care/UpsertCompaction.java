package dev.tidewheel.history.care;

import dev.tidewheel.history.care.UpsertRewrite.Group;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * Writes files of a table of upserts together: neighbouring small ones, and, once enough files with deletes have come
 * together, those from which rows were deleted. Each commit of an upsert leaves a file of deletes, which every reader holds
 * against all older files that it may concern; those that no file is left for are dropped.
 *
 * <p>Not thread-safe.
 */
final class UpsertCompaction {
    private final CarePolicy policy;
    private final Runs runs;

    UpsertCompaction(CarePolicy policy) {
        this.policy = policy;
        this.runs = new Runs(policy.fileSize().bytes(), policy.files());
    }

    /**
     * Does all there is to do, in one commit.
     *
     * @return {@link Compaction.Result#NONE} if there is nothing
     * @throws CommitFailedException if others committed all the time; what was written is removed
     * @throws ValidationException if somebody removed one of the files, or deleted rows by their positions in one
     */
    Compaction.Result next(Table table) {
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return Compaction.Result.NONE;
        }
        List<FileScanTask> all = UpsertRewrite.tasks(table, head);
        List<DeleteFile> deletes = UpsertRewrite.deletes(table, head);
        List<Group> groups = plan(all, deletes.size() >= policy.files());
        Set<String> rewritten = new HashSet<>();
        groups.forEach(
                group -> group.tasks().forEach(task -> rewritten.add(task.file().location())));
        Set<String> needed = new HashSet<>();
        all.stream()
                .filter(task -> !rewritten.contains(task.file().location()))
                .forEach(task -> task.deletes().forEach(delete -> needed.add(delete.location())));
        List<DeleteFile> idle = deletes.stream()
                .filter(delete -> !needed.contains(delete.location()))
                .toList();
        boolean worth = !groups.isEmpty() || idle.size() >= policy.files();
        return worth
                ? new UpsertRewrite(table, head, policy.fileSize().bytes(), "compaction", row -> true)
                        .commit(groups, idle)
                : Compaction.Result.NONE;
    }

    /** @param full whether files that have deletes are worth it whatever their size */
    private List<Group> plan(List<FileScanTask> all, boolean full) {
        Map<String, List<FileScanTask>> byPartition = new TreeMap<>();
        for (FileScanTask task : all) {
            byPartition
                    .computeIfAbsent(UpsertRewrite.partition(task), unseen -> new ArrayList<>())
                    .add(task);
        }
        List<Group> groups = new ArrayList<>();
        for (List<FileScanTask> tasks : byPartition.values()) {
            Set<FileScanTask> chosen = new HashSet<>();
            runs.of(tasks, task -> task.file().fileSizeInBytes()).forEach(chosen::addAll);
            if (full) {
                tasks.stream().filter(task -> !task.deletes().isEmpty()).forEach(chosen::add);
            }
            if (!chosen.isEmpty()) {
                groups.add(new Group(
                        tasks.get(0), tasks.stream().filter(chosen::contains).toList()));
            }
        }
        return groups;
    }
}
