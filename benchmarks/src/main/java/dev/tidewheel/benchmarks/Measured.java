package dev.tidewheel.benchmarks;

/**
 * What one job took for a workload.
 *
 * @param events of the workload
 * @param seconds from the first record read to the last value confirmed
 * @param cpuSeconds of this JVM (job, broker and clients) and of Redis together, in that time
 * @param redisCpuSeconds of Redis alone
 * @param redisBytes what Redis received in that time, names and protocol included
 * @param values written to Redis
 */
record Measured(
        long events, double seconds, double cpuSeconds, double redisCpuSeconds, double redisBytes, long values) {

    double eventsPerSecond() {
        return events / seconds;
    }

    double cpuMicrosPerEvent() {
        return cpuSeconds * 1e6 / events;
    }

    @Override
    public String toString() {
        return String.format(
                java.util.Locale.ROOT,
                "%,9.0f events/s, %5.2f CPU us/event (%.2f of Redis), %5.0f B/event to Redis, %.2f values/event",
                eventsPerSecond(),
                cpuMicrosPerEvent(),
                redisCpuSeconds * 1e6 / events,
                redisBytes / events,
                (double) values / events);
    }
}
