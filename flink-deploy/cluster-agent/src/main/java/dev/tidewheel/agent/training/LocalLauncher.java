package dev.tidewheel.agent.training;

import dev.tidewheel.runtime.config.Secrets;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Trainers as processes of this machine. A process is known by its PID and its start time together, which stand in the
 * run's folder: a PID alone may have been given to somebody else.
 *
 * <p>An agent that is killed between the start of a process and the note of its PID does not find it again and starts
 * another, which waits for the first: a trainer locks its folder.
 */
public final class LocalLauncher implements Launcher {
    private static final String PID = "pid";
    private static final String LOG = "trainer.log";
    private static final int TAIL_BYTES = 64 * 1024;
    private static final long STOP_SECONDS = 20;

    private final LauncherConfig config;

    public LocalLauncher(LauncherConfig config) {
        this.config = config;
    }

    @Override
    public Life look(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(PID))) {
            return Life.NONE;
        }
        return find(folder).isPresent() ? Life.RUNNING : Life.ENDED;
    }

    @Override
    public void start(Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(folder))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve(LOG).toFile()));
        // In the environment: a long command line hides what runs from those who list processes.
        builder.environment()
                .put("CLASSPATH", Files.readString(config.classPath()).strip());
        ProcessHandle process = builder.start().toHandle();
        RunFolder.write(folder.resolve(PID), process.pid() + " " + startOf(process));
    }

    @Override
    public void stop(Path folder) throws IOException, InterruptedException {
        Optional<ProcessHandle> process = find(folder);
        if (process.isEmpty()) {
            return;
        }
        List<ProcessHandle> tree = new ArrayList<>();
        tree.add(process.get());
        process.get().descendants().forEach(tree::add);
        // The parent first: it must not start what was just ended again.
        tree.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : tree) {
            awaitEnd(each, folder);
        }
    }

    @Override
    public String lastWords(Path folder) throws IOException {
        String place = folder.getFileName() + "/" + LOG;
        Path log = folder.resolve(LOG);
        String last = Files.exists(log) ? lastLine(log) : "";
        String words = last.isEmpty() ? place + " is empty" : place + " ends with: " + Secrets.mask(last);
        return words.length() <= LAST_WORDS ? words : words.substring(0, LAST_WORDS - 1) + "…";
    }

    /** The last line that says something; of a very long one, its end. */
    private static String lastLine(Path log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(file.length(), TAIL_BYTES)];
            file.seek(file.length() - tail.length);
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .reduce("", (earlier, later) -> later);
        }
    }

    private List<String> command(Path folder) {
        List<String> command = new ArrayList<>();
        command.add(config.java()
                .orElseGet(() -> Path.of(System.getProperty("java.home"), "bin", "java"))
                .toString());
        command.add("-Xmx" + config.heap().bytes());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Duser.timezone=UTC");
        command.add("-Dtidewheel.process=trainer-" + folder.getFileName());
        // Avro refuses to load classes that are not named as trusted.
        command.add("-Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.tidewheel.records");
        command.addAll(config.options());
        command.addAll(List.of(
                config.main(), "--config", folder.resolve(RunFolder.CONFIG).toString()));
        return command;
    }

    private static void awaitEnd(ProcessHandle process, Path folder) throws IOException, InterruptedException {
        try {
            process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (runs(process)) {
                throw new IOException("process " + process.pid() + " of " + folder + " does not end", e);
            }
        } catch (ExecutionException e) {
            throw new IOException("process " + process.pid() + " of " + folder + " cannot be waited for", e);
        }
    }

    private static Optional<ProcessHandle> find(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(PID))) {
            return Optional.empty();
        }
        String[] words = Files.readString(folder.resolve(PID)).strip().split(" ");
        return ProcessHandle.of(Long.parseLong(words[0]))
                .filter(LocalLauncher::runs)
                .filter(process -> Long.toString(startOf(process)).equals(words[1]));
    }

    /** A process that has ended stays in the list until its parent asks; where nobody does, that is for ever. */
    private static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        try {
            return !Files.exists(stat) || !Files.readString(stat).contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
