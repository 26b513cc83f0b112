package dev.tidewheel.workbench.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Remembers a replay's position over a crash. The file is always whole: the old one or the new one. */
public final class ProgressFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Path next;

    public ProgressFile(Path file) {
        this.file = file;
        this.next = file.resolveSibling(file.getFileName() + ".next");
    }

    /** The remembered position; the start if there is none. */
    public Position read() {
        if (!Files.exists(file)) {
            return Position.START;
        }
        try {
            return JSON.readValue(file.toFile(), Position.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + "; start afresh with --fresh", e);
        }
    }

    public void write(Position position) {
        try {
            Files.write(next, JSON.writeValueAsBytes(position));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
