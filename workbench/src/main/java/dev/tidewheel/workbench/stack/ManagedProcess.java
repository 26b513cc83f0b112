package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One start of a child process. Its standard input stays open as long as this process lives, see
 * {@link dev.tidewheel.workbench.launch.Leash}. Thread-safe.
 */
final class ManagedProcess {
    private static final Duration POLL = Duration.ofMillis(50);

    private final ProcessSpec spec;
    private final Process process;
    private final Path log;

    private ManagedProcess(ProcessSpec spec, Process process, Path log) {
        this.spec = spec;
        this.process = process;
        this.log = log;
    }

    static ManagedProcess start(ProcessSpec spec, Path log) {
        ProcessBuilder builder = new ProcessBuilder(OwnSession.wrap(spec.command()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .redirectInput(Redirect.PIPE);
        builder.environment().putAll(spec.environment());
        try {
            return new ManagedProcess(spec, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + spec.name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Waits until the process is ready.
     *
     * @throws ProcessFailedException if it ends or the deadline passes first
     */
    void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + spec.startDeadline().toNanos();
        while (true) {
            if (!process.isAlive()) {
                throw failed("ended with exit code " + process.exitValue() + " before it was ready");
            }
            Optional<String> missing = spec.readiness().missing();
            if (missing.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw failed("was not ready after " + spec.startDeadline().toSeconds() + " s: " + missing.get());
            }
            process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    ProcessFailedException failed(String what) {
        List<String> lines = new ArrayList<>();
        lines.add(spec.name() + " " + what);
        lines.add("the end of " + log + ":");
        lines.add(LogTail.of(log));
        return new ProcessFailedException(String.join("\n", lines));
    }

    /** Asks the process to end, and kills it after its grace. Returns when it has gone. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(spec.stopGrace().toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    Process process() {
        return process;
    }

    ProcessSpec spec() {
        return spec;
    }
}
