package dev.tidewheel.sidecar;

import dev.tidewheel.feature.view.Status;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;

/** What Prometheus sees of a sidecar. Thread-safe. */
final class SidecarMetrics {
    private final Counter requests;
    private final Histogram latency;
    private final Histogram freshness;
    private final Counter values;
    private final Counter admitted;
    private final Counter logged;
    private final Counter dropped;
    private final Gauge waiting;
    private final Gauge injecting;

    SidecarMetrics(PrometheusRegistry registry) {
        requests = Counter.builder()
                .name("tidewheel_sidecar_requests")
                .help("Requests by the HTTP status they were answered with.")
                .labelNames("status")
                .register(registry);
        latency = Histogram.builder()
                .name("tidewheel_sidecar_latency_seconds")
                .help("Time per request: reading features, asking the model, in all.")
                .unit(Unit.SECONDS)
                .labelNames("part")
                .register(registry);
        freshness = Histogram.builder()
                .name("tidewheel_sidecar_feature_age_seconds")
                .help("Time asked minus the newest knownTime in the value read, per view.")
                .unit(Unit.SECONDS)
                .classicUpperBounds(0.01, 0.1, 1, 10, 60, 300, 900, 3_600, 21_600, 86_400, 604_800)
                .labelNames("view")
                .register(registry);
        values = Counter.builder()
                .name("tidewheel_sidecar_values")
                .help("Feature values served, by status.")
                .labelNames("status")
                .register(registry);
        admitted = Counter.builder()
                .name("tidewheel_sidecar_rows_admitted")
                .help("Rows to be logged: logged + dropped, once none waits.")
                .register(registry);
        logged = Counter.builder()
                .name("tidewheel_sidecar_rows_logged")
                .help("Rows that Kafka has.")
                .register(registry);
        dropped = Counter.builder()
                .name("tidewheel_sidecar_rows_dropped")
                .help("Rows that were not logged, by reason.")
                .labelNames("reason")
                .register(registry);
        waiting = Gauge.builder()
                .name("tidewheel_sidecar_rows_waiting")
                .help("Rows that wait for Kafka.")
                .register(registry);
        injecting = Gauge.builder()
                .name("tidewheel_sidecar_faults_injected")
                .help("1 while faults are injected on purpose: its answers are not to be used.")
                .register(registry);
    }

    void injecting(boolean faults) {
        injecting.set(faults ? 1 : 0);
    }

    void answered(int status) {
        requests.labelValues(Integer.toString(status)).inc();
    }

    void took(String part, long nanos) {
        latency.labelValues(part).observe(nanos / 1e9);
    }

    /** Counts a request's values by status, and how old its views were. */
    void served(long t, List<Vector> vectors) {
        long[] byStatus = new long[Status.values().length];
        for (Vector vector : vectors) {
            for (byte status : vector.values().statuses()) {
                byStatus[status]++;
            }
            vector.cuts().stream()
                    .filter(cut -> cut.getFlush() > 0)
                    .forEach(cut -> freshness.labelValues(cut.getView()).observe((t - cut.getKnownTime()) / 1e3));
        }
        for (Status status : Status.values()) {
            if (byStatus[status.code()] > 0) {
                values.labelValues(status.name()).inc(byStatus[status.code()]);
            }
        }
    }

    void admitted() {
        admitted.inc();
    }

    void logged() {
        logged.inc();
    }

    void dropped(String reason) {
        dropped.labelValues(reason).inc();
    }

    void logWaiting(int rows) {
        waiting.set(rows);
    }
}
