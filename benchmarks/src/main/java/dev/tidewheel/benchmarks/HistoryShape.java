package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.Workload.Skew;
import dev.tidewheel.benchmarks.Workload.Stretch;
import java.time.Duration;
import java.util.List;

/**
 * How much history, and how it lies: events and questions, both evenly over 90 days, with the keys spread alike.
 *
 * @param name of the comparison
 * @param events how many
 * @param questions how many
 * @param keys how many
 * @param skew which key an event has, and a question
 */
record HistoryShape(String name, long events, long questions, int keys, Skew skew) {
    private static final long SPAN = Duration.ofDays(90).toMillis();
    private static final double HOT_SHARE = 0.02;
    private static final long EVENTS = 20_261_121;
    private static final long QUESTIONS = 20_261_122;

    /** Every key as often as every other; all sizes divided by a number where it shall only be tried out. */
    static HistoryShape uniform(int by) {
        return new HistoryShape("history", 20_000_000 / by, 1_000_000 / by, 200_000 / by, new Skew.Uniform());
    }

    /** One key with 2 % of all. */
    static HistoryShape hot(int by) {
        return new HistoryShape("history-hot", 5_000_000 / by, 500_000 / by, 50_000 / by, new Skew.OneHot(HOT_SHARE));
    }

    /** As much of everything as a part has, so that a key has as many events and questions. */
    HistoryShape part(int by) {
        return new HistoryShape(name, events / by, questions / by, Math.max(1, keys / by), skew);
    }

    Workload eventStream() {
        return stream(events, EVENTS);
    }

    Workload questionStream() {
        return stream(questions, QUESTIONS);
    }

    private Workload stream(long count, long seed) {
        return new Workload(keys, List.of(new Stretch(name, count, SPAN)), skew, seed);
    }

    /** A folder's name: one that holds other data has another. */
    String folder() {
        return name + "-" + events + "-" + questions + "-" + keys;
    }
}
