package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts children in order, brings back those that die, and stops all in the opposite order. A child that dies more
 * than {@value #MAX_RESTARTS} times is given up; {@link #failure()} then says so, and whoever waits for something
 * should look there. Thread-safe.
 */
public final class Supervisor implements AutoCloseable {
    private static final int MAX_RESTARTS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final Path logs;
    private final PidFiles pids;
    private final Map<String, ManagedProcess> running = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, Integer> restarts = new ConcurrentHashMap<>();
    /** A thread per restart: a child that comes back may have to wait for another one that does. */
    private final ExecutorService nurses = Executors.newCachedThreadPool(Supervisor::nurseThread);

    private volatile boolean stopping;
    private volatile @Nullable RuntimeException failure;

    /**
     * @param logs the folder for one log file per child
     * @param pids where running children are remembered
     */
    public Supervisor(Path logs, PidFiles pids) {
        this.logs = logs;
        this.pids = pids;
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + logs, e);
        }
    }

    /**
     * Starts a child and returns when it is ready.
     *
     * @throws ProcessFailedException if it does not become ready in time
     */
    public void start(ProcessSpec spec) throws InterruptedException {
        start(List.of(spec));
    }

    /** Starts several children at once and returns when all are ready. */
    public void start(List<ProcessSpec> specs) throws InterruptedException {
        List<ManagedProcess> started = new ArrayList<>();
        for (ProcessSpec spec : specs) {
            started.add(launch(spec));
        }
        for (ManagedProcess process : started) {
            process.awaitReady();
        }
        for (ManagedProcess process : started) {
            watch(process);
        }
    }

    /**
     * Runs a child to its end.
     *
     * @throws ProcessFailedException if it ends with another code than 0
     */
    public void run(ProcessSpec spec) throws InterruptedException {
        ManagedProcess process = launch(spec);
        int code = process.process().waitFor();
        running.remove(spec.name());
        pids.forget(spec.name());
        if (code != 0) {
            throw process.failed("ended with exit code " + code);
        }
    }

    /** Stops a child and does not bring it back. */
    public void stop(String name) throws InterruptedException {
        ManagedProcess process = running.remove(name);
        if (process != null) {
            process.stop();
            pids.forget(name);
        }
    }

    /** Kills a child as an accident would; it will be brought back. */
    public void kill(String name) {
        ManagedProcess process = running.get(name);
        if (process == null) {
            throw new IllegalArgumentException("no child " + name + " is running, only " + running.keySet());
        }
        process.process().destroyForcibly();
    }

    /** How often children have been brought back, by name. */
    public Map<String, Integer> restarts() {
        return Map.copyOf(restarts);
    }

    /** Why the stack cannot go on, if so. */
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Stops all children, last started first. */
    @Override
    public void close() {
        stopping = true;
        nurses.shutdownNow();
        List<ManagedProcess> inOrder;
        synchronized (running) {
            inOrder = new ArrayList<>(running.values());
        }
        Collections.reverse(inOrder);
        for (ManagedProcess process : inOrder) {
            try {
                stop(process.spec().name());
            } catch (InterruptedException e) {
                // Whoever is in a hurry leaves no children behind either.
                process.process().destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    private ManagedProcess launch(ProcessSpec spec) {
        if (stopping) {
            throw new IllegalStateException("stopping: " + spec.name() + " is not started any more");
        }
        ManagedProcess process = ManagedProcess.start(spec, logs.resolve(spec.name() + ".log"));
        running.put(spec.name(), process);
        pids.remember(spec.name(), process.process().toHandle());
        return process;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nothing waits for an end; it is acted upon when it comes.
    private void watch(ManagedProcess process) {
        process.process().onExit().thenRun(() -> {
            if (!stopping && running.get(process.spec().name()) == process) {
                nurses.execute(() -> bringBack(process));
            }
        });
    }

    private void bringBack(ManagedProcess dead) {
        try {
            ManagedProcess process = startAgain(dead);
            while (!becomesReady(process)) {
                process = startAgain(process);
            }
            watch(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!stopping) {
                LOG.error("{} does not come back", dead.spec().name(), e);
                failure = e;
            }
        }
    }

    private ManagedProcess startAgain(ManagedProcess dead) {
        String name = dead.spec().name();
        int count = restarts.merge(name, 1, Integer::sum);
        LOG.warn(
                "{} ended with exit code {}, start {} follows",
                name,
                dead.process().exitValue(),
                count + 1);
        if (count > MAX_RESTARTS) {
            throw dead.failed("has ended " + count + " times, given up");
        }
        return launch(dead.spec());
    }

    /** Or else ends: whatever ended the one before may end this one too. */
    private static boolean becomesReady(ManagedProcess process) throws InterruptedException {
        try {
            process.awaitReady();
            return true;
        } catch (ProcessFailedException e) {
            if (process.process().isAlive()) {
                throw e;
            }
            return false;
        }
    }

    private static Thread nurseThread(Runnable work) {
        Thread thread = new Thread(work, "nurse");
        thread.setDaemon(true);
        return thread;
    }
}
