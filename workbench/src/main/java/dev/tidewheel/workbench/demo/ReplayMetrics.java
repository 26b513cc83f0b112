package dev.tidewheel.workbench.demo;

import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.ops.HealthChecks;
import dev.tidewheel.runtime.ops.OpsServer;
import dev.tidewheel.workbench.replay.Asker;
import dev.tidewheel.workbench.replay.Replay;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.function.DoubleSupplier;

/** The workbench's own metrics and health, over HTTP, as every process has them. */
final class ReplayMetrics implements AutoCloseable {
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final OpsServer server;

    private ReplayMetrics(OpsServer server) {
        this.server = server;
    }

    static ReplayMetrics serve(OpsConfig config, Replay replay, Asker asker) throws IOException {
        gauge(
                "tidewheel_replay_story_seconds",
                "Story time, seconds since the epoch.",
                () -> replay.position().now() / MILLIS_PER_SECOND);
        gauge("tidewheel_replay_steps", "Steps done.", () -> replay.position().step());
        gauge("tidewheel_replay_events", "Events sent.", () -> replay.position().events());
        gauge(
                "tidewheel_replay_questions",
                "Questions answered.",
                () -> replay.position().questions());
        gauge("tidewheel_replay_questions_retried", "Questions asked more than once.", asker::retried);
        gauge(
                "tidewheel_replay_latency_p99_seconds",
                "From question to answer.",
                () -> asker.latency().getValueAtPercentile(99) / NANOS_PER_SECOND);
        HealthChecks live = new HealthChecks()
                .add("replay", () -> Health.up("step " + replay.position().step()));
        return new ReplayMetrics(OpsServer.start(config, live, live));
    }

    @Override
    public void close() {
        server.close();
        PrometheusRegistry.defaultRegistry.clear();
    }

    private static void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register();
    }
}
