package dev.tidewheel.history.care;

import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * How a table is.
 *
 * @param files data files of the newest snapshot
 * @param smallFiles those of them that are smaller than they should be
 * @param deleteFiles files that say which rows were deleted since: of tables of upserts
 * @param snapshots that can be read
 * @param manifests of the newest snapshot
 * @param metadataBytes what each commit writes anew, and each plan reads: metadata and manifests
 * @param tags name to the time of its snapshot's commit, epoch milliseconds
 */
public record TableHealth(
        long files,
        long smallFiles,
        long deleteFiles,
        int snapshots,
        int manifests,
        long metadataBytes,
        Map<String, Long> tags) {
    private static final String FILES = "total-data-files";
    private static final String DELETE_FILES = "total-delete-files";

    public TableHealth {
        tags = new TreeMap<>(tags);
    }

    static TableHealth of(Table table, long smallFiles) {
        int snapshots = 0;
        for (Snapshot unused : table.snapshots()) {
            snapshots++;
        }
        Map<String, Long> tags = new TreeMap<>();
        table.refs().forEach((name, ref) -> {
            if (ref.isTag()) {
                tags.put(name, table.snapshot(ref.snapshotId()).timestampMillis());
            }
        });
        String metadata = ((HasTableOperations) table).operations().current().metadataFileLocation();
        long bytes = table.io().newInputFile(metadata).getLength();
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return new TableHealth(0, 0, 0, snapshots, 0, bytes, tags);
        }
        int manifests = 0;
        for (ManifestFile manifest : head.allManifests(table.io())) {
            manifests++;
            bytes += manifest.length();
        }
        return new TableHealth(
                total(head, FILES), smallFiles, total(head, DELETE_FILES), snapshots, manifests, bytes, tags);
    }

    private static long total(Snapshot head, String what) {
        return Long.parseLong(head.summary().getOrDefault(what, "0"));
    }
}
