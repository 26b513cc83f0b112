package dev.tidewheel.history.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder through which the process that asks and the machines that find values hand files to each other. All of them see
 * it under one path, and it is one build's.
 */
public record ExchangeFolder(Path path) {
    /**
     * One in another folder. No two have one name: a job that somebody has left to itself finds its own gone, and writes to
     * no other's.
     */
    public static ExchangeFolder in(Path parent) {
        return new ExchangeFolder(parent.resolve("exchange-" + UUID.randomUUID()));
    }

    /** The questions of a number. */
    Path questions(int number) {
        return path.resolve(String.format(Locale.ROOT, "questions-%05d.bin", number));
    }

    /** The keys that a view is asked about, as {@link dev.tidewheel.history.values.AskedKeys} writes them. */
    public Path askedKeys(int view) {
        return path.resolve(String.format(Locale.ROOT, "asked-%05d.bin", view));
    }

    /** The values of a part of the ranks. */
    Path values(int part) {
        return path.resolve(String.format(Locale.ROOT, "values-%05d.bin", part));
    }

    /** How a job is told what to do. */
    public Path config() {
        return path.resolve("job.yaml");
    }

    /** The definitions that values are computed by. */
    public Path definitions() {
        return path.resolve("definitions.json");
    }

    /** Makes it: for this user and group alone, because there are keys in it, and where the catalog is. */
    void begin() throws IOException {
        Files.createDirectories(path);
        if (Files.getFileStore(path).supportsFileAttributeView(PosixFileAttributeView.class)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwx---"));
        }
    }

    /** Removes it with all that is in it. */
    void remove() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.delete(path);
    }
}
