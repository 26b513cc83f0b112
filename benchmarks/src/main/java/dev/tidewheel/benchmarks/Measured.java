package dev.tidewheel.benchmarks;

import java.util.Locale;

/**
 * What one job took for a part of a workload: between two moments, each told by how far the job's values had come.
 *
 * @param end how the part ended
 * @param events that the job got through with between them
 * @param seconds between them
 * @param cpuSeconds of this JVM (job, broker and clients) and of Redis together, in that time
 * @param redisCpuSeconds of Redis alone
 * @param jitSeconds of the JIT compiler alone, which this JVM's contain
 * @param gcSeconds of the garbage collector alone, too
 * @param redisBytes what Redis received in that time, names and protocol included
 * @param allocatedBytes of this JVM's heap
 * @param values written to Redis
 */
record Measured(
        End end,
        long events,
        double seconds,
        double cpuSeconds,
        double redisCpuSeconds,
        double jitSeconds,
        double gcSeconds,
        double redisBytes,
        double allocatedBytes,
        long values) {

    /** How a part ended. */
    enum End {
        /** The job got through. */
        THROUGH,
        /** Its time was up: it is judged by how far it came. */
        CUT_OFF,
        /** Its time was up within the history: it is judged by the last third of that time. */
        NOT_FILLED
    }

    double eventsPerSecond() {
        return events / seconds;
    }

    double cpuMicrosPerEvent() {
        return perEvent(cpuSeconds * 1e6);
    }

    /** A sum by event. */
    double perEvent(double sum) {
        return sum / events;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,9.0f events/s, %5.2f CPU us/event (%.2f of Redis, JIT %.2f, GC %.2f), %5.0f B/event to Redis,"
                        + " %,.0f B allocated, %.2f values/event%s",
                eventsPerSecond(),
                cpuMicrosPerEvent(),
                perEvent(redisCpuSeconds * 1e6),
                perEvent(jitSeconds * 1e6),
                perEvent(gcSeconds * 1e6),
                perEvent(redisBytes),
                perEvent(allocatedBytes),
                perEvent(values),
                end == End.THROUGH
                        ? ""
                        : ", " + end.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
}
