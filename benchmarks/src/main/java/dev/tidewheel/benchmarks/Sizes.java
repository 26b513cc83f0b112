package dev.tidewheel.benchmarks;

/**
 * How much is measured.
 *
 * @param keys of the streaming comparison
 * @param events of the streaming comparison, per job
 * @param warmUpEvents that each job runs over before it is measured
 */
record Sizes(int keys, long events, long warmUpEvents) {
    /** For figures that are published. */
    static final Sizes FULL = new Sizes(100_000, 2_000_000, 300_000);

    /** For trying out, and for tests: figures of so few events say nothing. */
    static final Sizes QUICK = new Sizes(1_000, 20_000, 2_000);

    Sizes withEvents(long count) {
        return new Sizes(keys, count, Math.min(warmUpEvents, count));
    }
}
