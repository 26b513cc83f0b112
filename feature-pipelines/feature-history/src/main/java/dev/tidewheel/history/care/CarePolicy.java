package dev.tidewheel.history.care;

import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.Default;
import java.time.Duration;
import java.util.Optional;

/**
 * What table care may remove, and when it writes files anew.
 *
 * @param snapshots how long a snapshot can be read that no tag names: longer than the longest reader of a table takes, and
 *     than the oldest savepoint that a job may be set back to
 * @param keep so many of the newest snapshots stay, however old they are
 * @param tags how long after its commit a snapshot may be held by a training set's tag; empty: until somebody releases the
 *     tag
 * @param fileSize what small files are written together to; files of three quarters of it are left as they are
 * @param files from so many neighbouring small files on they are written together
 * @param manifests from so many small manifests on they are written together
 * @param orphans how long the writing job must have gone on after a file was written, before a file that no snapshot names
 *     is removed: longer than a checkpoint may take to be committed
 */
public record CarePolicy(
        @Default("1h") Duration snapshots,
        @Default("10") int keep,
        Optional<Duration> tags,
        @Default("128MB") DataSize fileSize,
        @Default("8") int files,
        @Default("20") int manifests,
        @Default("1d") Duration orphans) {
    private static final Duration SHORTEST_ORPHAN = Duration.ofMinutes(10);

    /** What is done where nothing is configured. */
    public static final CarePolicy DEFAULT = new CarePolicy(
            Duration.ofHours(1), 10, Optional.empty(), new DataSize(128L << 20), 8, 20, Duration.ofDays(1));

    public CarePolicy {
        if (snapshots.isNegative()) {
            throw new IllegalArgumentException("snapshots: cannot be negative: " + snapshots);
        }
        if (keep < 1) {
            throw new IllegalArgumentException("keep: a table has at least its newest snapshot, not " + keep);
        }
        if (tags.isPresent() && tags.get().compareTo(snapshots) < 0) {
            throw new IllegalArgumentException(
                    "tags: " + tags.get() + " is shorter than snapshots, " + snapshots + ": a tag would hold nothing");
        }
        if (fileSize.bytes() < 1) {
            throw new IllegalArgumentException("fileSize: must be positive");
        }
        if (files < 2) {
            throw new IllegalArgumentException("files: fewer than 2 cannot be written together: " + files);
        }
        if (manifests < 2) {
            throw new IllegalArgumentException("manifests: fewer than 2 cannot be written together: " + manifests);
        }
        if (orphans.compareTo(SHORTEST_ORPHAN) < 0) {
            throw new IllegalArgumentException("orphans: " + orphans + " is shorter than " + SHORTEST_ORPHAN
                    + ": files of checkpoints that are not committed yet would be removed");
        }
    }
}
