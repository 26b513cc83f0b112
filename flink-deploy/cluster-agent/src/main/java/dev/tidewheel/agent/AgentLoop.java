package dev.tidewheel.agent;

import dev.tidewheel.agent.desired.DesiredFollower;
import dev.tidewheel.agent.reconcile.ActiveLock;
import dev.tidewheel.agent.reconcile.Observations;
import dev.tidewheel.agent.reconcile.Pass;
import dev.tidewheel.agent.reconcile.Reconciler;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's thread: waits for its turn, reads what is there to the end, then looks at everything desired again and again.
 * Closing leaves trainers as they are; the next agent finds them.
 */
final class AgentLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);
    private static final Duration LOADING = Duration.ofSeconds(60);
    private static final Duration STANDBY = Duration.ofMillis(200);
    private static final Duration CLOSING = Duration.ofSeconds(30);

    /** Reads what was reported, once it is this agent's turn. */
    @FunctionalInterface
    interface Reports {
        Observations load() throws InterruptedException;
    }

    private final Path workDir;
    private final Duration poll;
    private final Registry registry;
    private final DesiredFollower desired;
    private final BooleanSupplier clockRuns;
    private final Reports reports;
    private final Map<String, Reconciler> byKind;
    private final Runnable onFailure;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean failed;
    private volatile Health health = Health.down("another agent is active, or nobody has looked yet");

    AgentLoop(
            Path workDir,
            Duration poll,
            Registry registry,
            DesiredFollower desired,
            BooleanSupplier clockRuns,
            Reports reports,
            Map<String, Reconciler> byKind,
            Runnable onFailure) {
        this.workDir = workDir;
        this.poll = poll;
        this.registry = registry;
        this.desired = desired;
        this.clockRuns = clockRuns;
        this.reports = reports;
        this.byKind = Map.copyOf(byKind);
        this.onFailure = onFailure;
        thread = new Thread(this::run, "agent");
        thread.setDaemon(true);
    }

    AgentLoop start() {
        thread.start();
        return this;
    }

    /** For readiness: up while this agent is the active one. */
    Health health() {
        return health;
    }

    /** Whether it ended although nobody closed it. */
    boolean failed() {
        return failed;
    }

    @Override
    public void close() {
        // No interrupt: it would tear the note of a process that was just started.
        closing.countDown();
        try {
            thread.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (ActiveLock lock = awaitTurn()) {
            LOG.info("active on {}", workDir);
            work();
        } catch (InterruptedException e) {
            health = Health.down("closed");
        } catch (IOException | RuntimeException e) {
            failed = true;
            health = Health.down(e.toString());
            LOG.error("the agent ends", e);
            onFailure.run();
        }
    }

    private ActiveLock awaitTurn() throws IOException, InterruptedException {
        while (true) {
            Optional<ActiveLock> lock = ActiveLock.tryAcquire(workDir);
            if (lock.isPresent()) {
                return lock.get();
            }
            pause(STANDBY);
        }
    }

    private void work() throws InterruptedException {
        registry.awaitLoaded(LOADING);
        desired.awaitLoaded(LOADING);
        try (Observations observations = reports.load()) {
            Pass pass = new Pass(byKind, observations);
            while (true) {
                if (clockRuns.getAsBoolean()) {
                    pass.run(desired.all());
                    health = pass.troubles() == 0
                            ? Health.up("active")
                            : Health.up("active; slots that cannot be brought forward yet: " + pass.troubles());
                }
                pause(poll);
            }
        }
    }

    private void pause(Duration time) throws InterruptedException {
        if (closing.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("closed");
        }
    }
}
