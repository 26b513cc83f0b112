package dev.tidewheel.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What a job had taken up to a moment; two of them are a {@link Measured}.
 *
 * @param nanos {@link System#nanoTime()}
 * @param events that it was through with
 * @param values that it had written
 * @param jvmSeconds of CPU of this JVM
 * @param redisSeconds of CPU of Redis
 * @param jitSeconds of the JIT compiler, see {@link JvmThreads}
 * @param gcSeconds of the garbage collector
 * @param redisBytes that Redis had received
 * @param allocatedBytes of the threads that live: those that ended between two readings are missing
 */
record Reading(
        long nanos,
        long events,
        long values,
        double jvmSeconds,
        double redisSeconds,
        double jitSeconds,
        double gcSeconds,
        double redisBytes,
        double allocatedBytes) {

    /** Of now. */
    static Reading of(Platform platform, long events, long values) {
        return new Reading(
                System.nanoTime(),
                events,
                values,
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9,
                platform.redisCpuSeconds(),
                JvmThreads.compilerSeconds(),
                JvmThreads.collectorSeconds(),
                platform.redisBytes(),
                allocated());
    }

    private static double allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** What lies between this and a later one. */
    Measured until(Reading later, Measured.End end) {
        double redis = later.redisSeconds - redisSeconds;
        return new Measured(
                end,
                Math.max(1, later.events - events),
                (later.nanos - nanos) / 1e9,
                later.jvmSeconds - jvmSeconds + redis,
                redis,
                later.jitSeconds - jitSeconds,
                later.gcSeconds - gcSeconds,
                later.redisBytes - redisBytes,
                later.allocatedBytes - allocatedBytes,
                later.values - values);
    }
}
