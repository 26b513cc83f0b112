package dev.tidewheel.jobs;

import dev.tidewheel.jobs.tile.Step;
import dev.tidewheel.jobs.tile.Steps;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets something die when a step is reached, one death after the other. Thread-safe. */
final class Killer implements Steps {

    /** Who dies. */
    enum Victim {
        TASK,
        REDIS,
        BROKER
    }

    /**
     * One death.
     *
     * @param occurrence at which time that the step is reached, from 1
     */
    record Death(Victim victim, Step step, int occurrence) {
        @Override
        public String toString() {
            return victim + " " + step + " " + occurrence;
        }
    }

    /** Ends a task. No exception: nobody between a step and the task may take it for something that can be mended. */
    static final class TaskDeath extends Error {
        private static final long serialVersionUID = 1L;

        TaskDeath(Death death) {
            super("killed on purpose: " + death);
        }
    }

    private final Runnable killRedis;
    private final Map<Step, Integer> reached = new EnumMap<>(Step.class);
    private final Map<Step, Integer> deaths = new EnumMap<>(Step.class);
    private final Deque<Death> orders = new ArrayDeque<>();
    private int left;
    private CountDownLatch done = new CountDownLatch(0);
    private volatile long lastMillis;

    /** @param killRedis has Redis die at once */
    Killer(Runnable killRedis) {
        this.killRedis = killRedis;
    }

    /** Orders deaths; the next is waited for when the one before has happened. */
    synchronized void order(List<Death> wanted) {
        orders.addAll(wanted);
        left = orders.getFirst().occurrence();
        done = new CountDownLatch(1);
    }

    /** Waits until all have happened, at most so long. */
    boolean awaitDone(long millis) throws InterruptedException {
        return done.await(millis, TimeUnit.MILLISECONDS);
    }

    /** When the last one happened, epoch milliseconds. */
    long lastMillis() {
        return lastMillis;
    }

    @Override
    public void reached(Step step) {
        Death due = due(step);
        if (due == null) {
            return;
        }
        if (due.victim() == Victim.REDIS) {
            killRedis.run();
        }
        happened(due);
        if (due.victim() == Victim.TASK) {
            throw new TaskDeath(due);
        }
    }

    private synchronized Death due(Step step) {
        reached.merge(step, 1, Integer::sum);
        Death next = left < 0 ? null : orders.peekFirst();
        if (next == null) {
            return null;
        }
        if (next.step() == step && left > 0) {
            left--;
        }
        if (left > 0 || (isSwallowed(next) && step == next.step()) || (!isSwallowed(next) && step != next.step())) {
            return null;
        }
        left = -1; // It happens once, whoever comes meanwhile.
        return next;
    }

    /** Iceberg keeps what its listeners throw to itself: the task dies at the next step that anybody reaches. */
    private static boolean isSwallowed(Death death) {
        return death.step() == Step.AFTER_RAW_COMMIT && death.victim() == Victim.TASK;
    }

    private synchronized void happened(Death death) {
        lastMillis = System.currentTimeMillis();
        deaths.merge(death.step(), 1, Integer::sum);
        orders.removeFirst();
        if (orders.isEmpty()) {
            done.countDown();
        } else {
            left = orders.getFirst().occurrence();
        }
    }

    /** How often a step was reached. */
    synchronized int reachedSoFar(Step step) {
        return reached.getOrDefault(step, 0);
    }

    /** How often somebody died at a step. */
    synchronized int deaths(Step step) {
        return deaths.getOrDefault(step, 0);
    }

    synchronized String histogram() {
        StringBuilder text = new StringBuilder(String.format("%8s %8s%n", "deaths", "reached"));
        for (Step step : Step.values()) {
            text.append(String.format("%8d %8d  %s%n", deaths(step), reached.getOrDefault(step, 0), step));
        }
        return text.toString();
    }
}
