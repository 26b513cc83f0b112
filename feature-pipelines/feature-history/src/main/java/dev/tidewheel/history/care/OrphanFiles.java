package dev.tidewheel.history.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Removes files in a table's folder that no snapshot names: what crashed writers left behind.
 *
 * <p>A job's files are named by nothing but its own state until their checkpoint is committed, and that may be long after
 * they were written: a job that stands still commits them when it is started again. So a file's age is not what the clock
 * says. It is how long after it the <em>table was still committed to by its job</em>: the committer commits checkpoints in
 * their order, so once a commit is younger than a file by more than the length of a checkpoint, the file was in an earlier
 * one, and is named or never will be.
 *
 * <p>That proves nothing about files of care, erasures and imports, which one commit names at their end: they stay for a day
 * at least.
 */
final class OrphanFiles {
    /** How the names of files begin that no job writes. */
    private static final List<String> COMMANDS = List.of("care-", "import-");
    /** What such a command takes at most. */
    private static final Duration COMMAND = Duration.ofDays(1);

    private final Duration age;

    OrphanFiles(Duration age) {
        this.age = age;
    }

    /**
     * What was removed.
     *
     * @param bytes their sizes together
     */
    record Result(int files, long bytes) {
        static final Result NONE = new Result(0, 0);
    }

    /**
     * Removes orphans.
     *
     * @param now epoch milliseconds
     * @throws IllegalStateException if the folder does not hold what the table names: then nothing in it can be judged
     */
    Result remove(Table table, long now) {
        Optional<Long> lastWritten = CareMark.lastWritten(table);
        if (lastWritten.isEmpty() || !(table.io() instanceof SupportsPrefixOperations files)) {
            return Result.NONE;
        }
        long until = Math.min(now, lastWritten.get());
        Set<Path> home = metadata(table);
        // First the folder, then what is named: what is committed between the two is found to be named.
        List<FileInfo> old = new ArrayList<>();
        Set<Path> present = new HashSet<>();
        for (FileInfo file : files.listPrefix(table.location())) {
            present.add(path(file.location()));
            if (file.createdAtMillis() < until - age(file).toMillis()) {
                old.add(file);
            }
        }
        requireHome(table, home, present);
        if (old.isEmpty()) {
            return Result.NONE;
        }
        table.refresh();
        Set<Path> named = named(table);
        int removed = 0;
        long bytes = 0;
        for (FileInfo file : old) {
            if (!named.contains(path(file.location()))) {
                table.io().deleteFile(file.location());
                removed++;
                bytes += file.size();
            }
        }
        return new Result(removed, bytes);
    }

    private Duration age(FileInfo file) {
        String name = path(file.location()).getFileName().toString();
        boolean longer = COMMANDS.stream().anyMatch(name::startsWith) && age.compareTo(COMMAND) < 0;
        return longer ? COMMAND : age;
    }

    /**
     * How many files of its folder no snapshot names: what died, and what a job has not committed yet.
     *
     * @throws IllegalStateException as {@link #remove}
     */
    static int unnamed(Table table) {
        table.refresh();
        Snapshot head = table.currentSnapshot();
        if (head == null || !(table.io() instanceof SupportsPrefixOperations files)) {
            return 0;
        }
        Set<Path> home = metadata(table);
        Set<Path> present = new HashSet<>();
        files.listPrefix(table.location()).forEach(file -> present.add(path(file.location())));
        requireHome(table, home, present);
        table.refresh();
        present.removeAll(named(table));
        return present.size();
    }

    /** A table that was moved, or is reached by another path, names files that are not found among those listed. */
    private static void requireHome(Table table, Set<Path> home, Set<Path> present) {
        for (Path file : home) {
            if (!present.contains(file)) {
                throw new IllegalStateException("table " + table.name() + " names " + file
                        + ", which is not in its folder " + table.location() + ": no file is removed");
            }
        }
    }

    /** What surely is in a table's folder: its metadata, and the newest snapshot's manifests. */
    private static Set<Path> metadata(Table table) {
        Set<Path> files = new HashSet<>();
        files.add(path(((HasTableOperations) table).operations().current().metadataFileLocation()));
        table.currentSnapshot().allManifests(table.io()).forEach(manifest -> files.add(path(manifest.path())));
        return files;
    }

    private static Set<Path> named(Table table) {
        Set<Path> named = new HashSet<>();
        ReachableFileUtil.metadataFileLocations(table, false).forEach(file -> named.add(path(file)));
        ReachableFileUtil.manifestListLocations(table).forEach(file -> named.add(path(file)));
        ReachableFileUtil.statisticsFilesLocations(table).forEach(file -> named.add(path(file)));
        named.add(path(((HasTableOperations) table).operations().current().metadataFileLocation()));
        for (Snapshot snapshot : table.snapshots()) {
            for (ManifestFile manifest : snapshot.allManifests(table.io())) {
                if (named.add(path(manifest.path()))) {
                    addFiles(table, manifest, named);
                }
            }
        }
        return named;
    }

    private static void addFiles(Table table, ManifestFile manifest, Set<Path> named) {
        try (ManifestReader<? extends ContentFile<?>> files = manifest.content() == ManifestContent.DATA
                ? ManifestFiles.read(manifest, table.io(), table.specs())
                : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
            files.forEach(file -> named.add(path(file.location())));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + manifest.path(), e);
        }
    }

    private static Path path(String location) {
        Path path = location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
        return path.toAbsolutePath().normalize();
    }
}
