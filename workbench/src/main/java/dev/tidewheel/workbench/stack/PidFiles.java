package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Remembers the processes of a run on disk, so that a start after a crash finds and ends what was left. A process is
 * known by its PID and its start time together: a PID alone may have been given to somebody else.
 */
public final class PidFiles {
    /** The name of the process that starts all others. */
    public static final String WORKBENCH = "workbench";

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Path folder;

    public PidFiles(Path folder) {
        this.folder = folder;
    }

    /** A remembered process that still runs. */
    public record Remembered(String name, ProcessHandle process) {}

    /** Remembers a process under a name. */
    public void remember(String name, ProcessHandle process) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), process.pid() + " " + startOf(process));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remember the process " + name, e);
        }
    }

    /** Forgets a process that has ended. */
    public void forget(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot forget the process " + name, e);
        }
    }

    /** The remembered processes that run, by name. */
    public List<Remembered> running() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Remembered> found = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                runningIn(file)
                        .ifPresent(process ->
                                found.add(new Remembered(file.getFileName().toString(), process)));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
    }

    /** The remembered process of this name, if it runs. */
    public Optional<ProcessHandle> running(String name) {
        try {
            return Files.exists(folder.resolve(name)) ? runningIn(folder.resolve(name)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder.resolve(name), e);
        }
    }

    /** Ends a remembered process, first kindly, and forgets it. */
    public void end(Remembered remembered) {
        ProcessHandle process = remembered.process();
        process.destroy();
        if (!endedWithin(process, GRACE)) {
            process.destroyForcibly();
            endedWithin(process, GRACE);
        }
        forget(remembered.name());
    }

    private static boolean endedWithin(ProcessHandle process, Duration time) {
        try {
            process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Optional<ProcessHandle> runningIn(Path file) throws IOException {
        String[] words = Files.readString(file).strip().split(" ");
        if (words.length != 2) {
            return Optional.empty(); // Cut short by a crash.
        }
        return ProcessHandle.of(Long.parseLong(words[0]))
                .filter(ProcessHandle::isAlive)
                .filter(process -> String.valueOf(startOf(process)).equals(words[1]));
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
