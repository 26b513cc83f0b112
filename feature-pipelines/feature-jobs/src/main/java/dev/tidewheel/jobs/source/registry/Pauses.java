package dev.tidewheel.jobs.source.registry;

/** The pauses between two questions to a registry: each twice as long as the one before, up to a bound. Mutable. */
final class Pauses {
    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 2_000;

    private long next = FIRST_MILLIS;

    /** How long the next pause is, milliseconds. */
    long next() {
        long pause = next;
        next = Math.min(2 * pause, LONGEST_MILLIS);
        return pause;
    }

    /**
     * Waits.
     *
     * @throws RegistryUnavailableException if the thread is interrupted meanwhile
     */
    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted while waiting for the schema registry", e);
        }
    }
}
