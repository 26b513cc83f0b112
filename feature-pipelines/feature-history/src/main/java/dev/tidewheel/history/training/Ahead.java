package dev.tidewheel.history.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Makes things by number in a thread of its own, a stretch ahead of who takes them in their order. */
final class Ahead {
    private static final int STRETCH = 4_096;

    private Ahead() {}

    /** Makes a thing; in one thread, in the order of the numbers. */
    @FunctionalInterface
    interface Maker<T> {
        T make(int number) throws IOException;
    }

    /** Takes a thing, in the thread that waits for all. */
    @FunctionalInterface
    interface Taker<T> {
        void take(T made) throws IOException;
    }

    /**
     * Makes and takes so many things. When it returns, or throws, nothing is made any more.
     *
     * @throws IOException as it was thrown by either
     */
    static <T> void run(int count, Maker<T> maker, Taker<T> taker) throws IOException, InterruptedException {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<List<T>> next = thread.submit(() -> stretch(0, count, maker));
            for (long from = 0; from < count; from += STRETCH) {
                List<T> made = get(next);
                long behind = from + STRETCH;
                next = thread.submit(() -> stretch(behind, count, maker));
                for (T one : made) {
                    taker.take(one);
                }
            }
        } finally {
            thread.shutdownNow();
            awaitEnd(thread);
        }
    }

    /** What things are made of is closed next. A thing is soon made; an interrupt is kept for later. */
    private static void awaitEnd(ExecutorService thread) {
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> List<T> stretch(long from, int count, Maker<T> maker) throws IOException {
        List<T> made = new ArrayList<>(STRETCH);
        for (long number = from; number < Math.min(count, from + STRETCH) && !Thread.interrupted(); number++) {
            made.add(maker.make((int) number));
        }
        return made;
    }

    private static <T> List<T> get(Future<List<T>> made) throws IOException, InterruptedException {
        try {
            return made.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            if (e.getCause() instanceof RuntimeException wrong) {
                throw wrong;
            }
            throw new IllegalStateException("a row could not be made", e.getCause());
        }
    }
}
