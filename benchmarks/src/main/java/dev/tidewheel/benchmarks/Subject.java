package dev.tidewheel.benchmarks;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.core.execution.JobClient;

/**
 * A job that is measured.
 *
 * @param start starts it
 * @param reachable how many events of the workload it can get through with
 * @param events with how many it is through: their values are in Redis
 * @param values how many were written so far
 * @param seen says how far the job has come, for an error
 * @param check holds what it wrote against an oracle, while it still runs, after all is written
 */
record Subject(
        Start start, long reachable, LongSupplier events, LongSupplier values, Supplier<String> seen, Check check) {

    /** Starts a job. */
    @FunctionalInterface
    interface Start {
        JobClient job() throws Exception;
    }

    /** Throws if something is wrong. */
    @FunctionalInterface
    interface Check {
        void run() throws Exception;
    }

    Reading reading(Platform platform) {
        return Reading.of(platform, events.getAsLong(), values.getAsLong());
    }
}
