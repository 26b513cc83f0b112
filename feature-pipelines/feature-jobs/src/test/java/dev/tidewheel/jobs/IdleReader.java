package dev.tidewheel.jobs;

import dev.tidewheel.runtime.await.Await;
import org.apache.flink.runtime.metrics.TimerGauge;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** A reader that has all there is, as Flink's own measure of waiting shows it to a job. */
public final class IdleReader {
    private IdleReader() {}

    /** Waits for so long, by the clock, as Flink measures it. */
    public static void waitForInput(AbstractStreamOperatorTestHarness<?> harness, long millis) {
        TimerGauge idle =
                harness.getEnvironment().getMetricGroup().getIOMetricGroup().getIdleTimeMsPerSecond();
        long start = System.currentTimeMillis();
        idle.markStart();
        Await.until(millis + " ms pass", () -> System.currentTimeMillis() >= start + millis);
        idle.markEnd();
    }
}
