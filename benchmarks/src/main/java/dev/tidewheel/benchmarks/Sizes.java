package dev.tidewheel.benchmarks;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param keys of all comparisons where keys do not grow
 * @param events of the streaming comparison, per job
 * @param warmUpEvents that each job runs over before it is measured
 * @param peerLimit a peer that is not through by then is judged by how far it came
 * @param rounds of the writer over all keys
 * @param growthKeys the most keys
 * @param growthEvents per run
 * @param freshRate events per second
 * @param freshSeconds how long
 * @param freshCheckpoints from one to the next
 */
record Sizes(
        int keys,
        long events,
        long warmUpEvents,
        Duration peerLimit,
        int rounds,
        int growthKeys,
        long growthEvents,
        long freshRate,
        int freshSeconds,
        Duration freshCheckpoints) {
    /** For figures that are published. */
    static final Sizes FULL = new Sizes(
            100_000,
            1_500_000,
            300_000,
            Duration.ofSeconds(30),
            10,
            1_000_000,
            1_000_000,
            20_000,
            130,
            Duration.ofSeconds(5));

    /** For trying out, and for tests: figures of so few events say nothing. */
    static final Sizes QUICK =
            new Sizes(1_000, 20_000, 2_000, Duration.ofSeconds(60), 2, 2_000, 5_000, 1_000, 6, Duration.ofMillis(500));

    Sizes withEvents(long count) {
        return new Sizes(
                keys,
                count,
                Math.min(warmUpEvents, count),
                peerLimit,
                rounds,
                growthKeys,
                growthEvents,
                freshRate,
                freshSeconds,
                freshCheckpoints);
    }

    Sizes withGrowthKeys(int most) {
        return new Sizes(
                keys,
                events,
                warmUpEvents,
                peerLimit,
                rounds,
                most,
                growthEvents,
                freshRate,
                freshSeconds,
                freshCheckpoints);
    }
}
