package dev.tidewheel.endtoend;

import dev.tidewheel.workbench.stack.OneMachine;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches for trainers, which live for seconds only while the story stands still: kills some of them, and once, perhaps,
 * those who are waiting for them.
 */
final class TrainerHunter {
    private static final long LOOK_NANOS = 20_000_000;

    private final DemoProcess demo;
    private final Random random;
    private final int most;
    private final Thread thread;
    private final Set<Long> seen = new HashSet<>();
    private boolean killedControl;
    private volatile int killed;

    private TrainerHunter(DemoProcess demo, Random random, int most) {
        this.demo = demo;
        this.random = random;
        this.most = most;
        this.thread = new Thread(this::hunt, "hunter");
    }

    /**
     * Starts to hunt.
     *
     * @param most so many trainers are killed
     */
    static TrainerHunter start(DemoProcess demo, Random random, int most) {
        TrainerHunter hunter = new TrainerHunter(demo, random, most);
        hunter.thread.setDaemon(true);
        hunter.thread.start();
        return hunter;
    }

    /** Ends the hunt, and returns how many trainers were killed. */
    int stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
        return killed;
    }

    private void hunt() {
        while (!Thread.currentThread().isInterrupted()) {
            for (ProcessHandle trainer : demo.trainers()) {
                if (killed < most && seen.add(trainer.pid())) {
                    strike(trainer);
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void strike(ProcessHandle trainer) {
        if (!killedControl && random.nextBoolean()) {
            killedControl = true;
            demo.run().pids().running(OneMachine.CONTROL).ifPresent(ProcessHandle::destroyForcibly);
        } else {
            trainer.destroyForcibly();
            killed++;
        }
    }
}
