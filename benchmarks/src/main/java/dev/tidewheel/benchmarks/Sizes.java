package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.Meter.Patience;
import java.time.Duration;

/**
 * How much is measured.
 *
 * @param keys of all comparisons where keys do not grow
 * @param history events of the week before what is measured
 * @param events of each measured part of streaming, per job
 * @param peers how long a peer may take until it is judged by how far it came
 * @param rounds of the writer over all keys
 * @param growthKeys the most keys
 * @param growthEvents per run
 * @param freshRate events per second
 * @param freshSeconds how long
 * @param freshCheckpoints from one to the next
 * @param historyPart what the sizes of the training sets are divided by
 */
record Sizes(
        int keys,
        long history,
        long events,
        Patience peers,
        int rounds,
        int growthKeys,
        long growthEvents,
        long freshRate,
        int freshSeconds,
        Duration freshCheckpoints,
        int historyPart) {
    private static final int GROWTH = 100;

    /** For figures that are published. */
    static final Sizes FULL = new Sizes(
            100_000,
            2_000_000,
            2_400_000,
            new Patience(Duration.ofMinutes(4), Duration.ofSeconds(45)),
            10,
            10_000_000,
            2_000_000,
            20_000,
            130,
            Duration.ofSeconds(5),
            1);

    /** For trying out, and for tests: figures of so few events say nothing. */
    static final Sizes QUICK = new Sizes(
            1_000,
            20_000,
            20_000,
            new Patience(Duration.ofMinutes(1), Duration.ofMinutes(1)),
            2,
            10_000,
            5_000,
            1_000,
            6,
            Duration.ofMillis(500),
            100);

    Sizes withHistory(long count) {
        return with(count, events, peers, growthKeys);
    }

    Sizes withEvents(long count) {
        return with(history, count, peers, growthKeys);
    }

    Sizes withPeers(Patience patience) {
        return with(history, events, patience, growthKeys);
    }

    /** @throws IllegalArgumentException if it cannot grow from a hundredth of them */
    Sizes withGrowthKeys(int most) {
        if (most < GROWTH) {
            throw new IllegalArgumentException("--growth-keys takes at least " + GROWTH + ", got " + most);
        }
        return with(history, events, peers, most);
    }

    private Sizes with(long ofHistory, long ofEachPart, Patience patience, int mostKeys) {
        return new Sizes(
                keys,
                ofHistory,
                ofEachPart,
                patience,
                rounds,
                mostKeys,
                growthEvents,
                freshRate,
                freshSeconds,
                freshCheckpoints,
                historyPart);
    }
}
