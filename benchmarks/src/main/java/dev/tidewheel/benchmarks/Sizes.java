package dev.tidewheel.benchmarks;

/**
 * How much is measured.
 *
 * @param keys of the streaming comparison and of the writer
 * @param events of the streaming comparison, per job
 * @param warmUpEvents that each job runs over before it is measured
 * @param rounds of the writer over all keys
 */
record Sizes(int keys, long events, long warmUpEvents, int rounds) {
    /** For figures that are published. */
    static final Sizes FULL = new Sizes(100_000, 2_000_000, 300_000, 10);

    /** For trying out, and for tests: figures of so few events say nothing. */
    static final Sizes QUICK = new Sizes(1_000, 20_000, 2_000, 2);

    Sizes withEvents(long count) {
        return new Sizes(keys, count, Math.min(warmUpEvents, count), rounds);
    }
}
