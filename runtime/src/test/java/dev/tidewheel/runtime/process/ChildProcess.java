package dev.tidewheel.runtime.process;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A small process of its own, for {@link ChildProcessTest}. */
final class ChildProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);

    private ChildProcess() {}

    public static void main(String[] args) throws InterruptedException {
        GracefulStop stop = GracefulStop.onSignal("child", Duration.ofSeconds(10));
        stop.closing("producer", () -> System.out.println("closed producer"));
        stop.closing("http", () -> System.out.println("closed http"));
        MDC.put("requestId", "r-1");
        LOG.warn("one \"line\"\nonly", new IllegalStateException("on purpose"));
        System.out.println("started");
        stop.awaitStop();
    }
}
