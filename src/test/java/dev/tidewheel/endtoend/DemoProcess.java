package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.workbench.Main;
import dev.tidewheel.workbench.replay.Position;
import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.report.ReportJson;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.JavaCommand;
import dev.tidewheel.workbench.stack.PidFiles;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A {@code tidewheel demo} in a process of its own, as a user starts it. Owns all waiting: on a state, with a deadline,
 * telling at the end what was last seen. Faults are verbs.
 */
final class DemoProcess implements AutoCloseable {
    private static final Checkout CHECKOUT = Checkout.find();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration DEADLINE = Duration.ofMinutes(10);
    private static final List<String> INTERRUPTIBLY = interruptibly();

    private final RunDirectory run;
    private final Path output;
    private Process process;
    private final List<String> command;

    private DemoProcess(String name, List<String> options) throws IOException {
        this.run = new RunDirectory(CHECKOUT.root().resolve(".tidewheel").resolve("test-" + name));
        this.output = Files.createTempFile("tidewheel-" + name, ".log");
        this.command = new ArrayList<>(INTERRUPTIBLY);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                Main.class.getName(),
                "demo",
                "--run=test-" + name,
                "--exit-when-done",
                // Only what is played is judged: the rest of the year would take longer than the slice.
                "--judge-to=2001-01-02"));
        command.addAll(options);
        this.process = launch(List.of("--fresh"));
    }

    /** Starts a demo that plays the story from its beginning. */
    static DemoProcess start(String name, List<String> options) throws IOException {
        return new DemoProcess(name, options);
    }

    /** Starts it once more, as after a crash. */
    void startAgain() throws IOException {
        process = launch(List.of());
    }

    /** Waits for its end and returns the exit code. */
    int awaitExit() throws InterruptedException {
        boolean ended = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(ended).as("no end after %s; so far:%n%s", DEADLINE, said()).isTrue();
        return process.exitValue();
    }

    /** Waits until the replay has made so many steps. */
    void awaitStep(long step) {
        await("step " + step, () -> position().step() >= step);
    }

    /** How far the replay has come. */
    Position position() {
        try {
            return Files.exists(run.progress())
                    ? JSON.readValue(run.progress().toFile(), Position.class)
                    : Position.START;
        } catch (IOException e) {
            return Position.START; // Just being replaced.
        }
    }

    /** Kills a child as an accident would, without warning. */
    void kill(String child) {
        await("a running " + child, () -> run.pids().running(child).isPresent());
        run.pids().running(child).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Kills the workbench itself, so that it can clean up nothing. */
    void killWorkbench() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** What Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    Report report() {
        return ReportJson.read(run.report("json"));
    }

    RunDirectory run() {
        return run;
    }

    /** Names of the run's processes that are there now. */
    List<String> running() {
        return run.pids().running().stream().map(PidFiles.Remembered::name).toList();
    }

    /** Trainers that the agent has started and that live. */
    List<ProcessHandle> trainers() {
        Path runs = run.root().resolve("data/runs");
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(runs)) {
            return folders.map(folder -> folder.resolve("pid"))
                    .filter(Files::exists)
                    .flatMap(DemoProcess::alive)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // Just being made or put aside.
        }
    }

    /** Everything that it has written to the terminal. */
    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Stops whatever is left. What the run did stays on disk if the test failed. */
    @Override
    public void close() throws IOException {
        process.destroy();
        run.pids().running().forEach(run.pids()::end);
        Files.deleteIfExists(output);
    }

    void await(String what, BooleanSupplier reached) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!reached.getAsBoolean()) {
            assertThat(process.isAlive())
                    .as("it ended while the test waited for %s:%n%s", what, said())
                    .isTrue();
            assertThat(System.nanoTime())
                    .as("no %s after %s, but %s:%n%s", what, DEADLINE, position(), said())
                    .isLessThan(deadline);
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** A PID may have been given to somebody else: the time of the start must fit, too. */
    private static Stream<ProcessHandle> alive(Path pid) {
        try {
            String[] words = Files.readString(pid).strip().split(" ");
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.info()
                            .startInstant()
                            .filter(start -> Long.toString(start.toEpochMilli()).equals(words[1]))
                            .isPresent())
                    .stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /**
     * What starts a child that Ctrl-C can end. A process ignores the interrupts that its parent ignores, and so it is for
     * tests that a shell runs in the background; {@code env} of GNU gives them back where there is one.
     */
    private static List<String> interruptibly() {
        List<String> prefix = List.of("env", "--default-signal=INT");
        List<String> probe = new ArrayList<>(prefix);
        probe.add("true");
        try {
            Process process = new ProcessBuilder(probe)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? prefix : List.of();
        } catch (IOException e) {
            return List.of(); // No such program.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private Process launch(List<String> more) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.addAll(more);
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(Redirect.appendTo(output.toFile()));
        builder.environment().put("CLASSPATH", CHECKOUT.classPath("workbench"));
        builder.environment().put(Checkout.HOME, CHECKOUT.root().toString());
        // A slice is over before the second compiler would pay.
        builder.environment().put(JavaCommand.OPTIONS, "-XX:TieredStopAtLevel=1");
        return builder.start();
    }
}
