package dev.tidewheel.sidecar;

import dev.tidewheel.feature.view.Status;
import dev.tidewheel.runtime.registry.Registry;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
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
    private final Gauge shadows;
    private final Counter fallbacks;
    private final Counter erased;
    private final PrometheusRegistry registry;
    private final Gauge injecting;

    SidecarMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        requests = Counter.builder()
                .name("tidewheel_sidecar_requests")
                .help("Requests by the HTTP status they were answered with.")
                .labelNames("status")
                .register(registry);
        latency = Histogram.builder()
                .name("tidewheel_sidecar_latency_seconds")
                .help(
                        "Time per request and version asked: reading features, asking the model; in all, by who answered.")
                .unit(Unit.SECONDS)
                .labelNames("part", "arm")
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
                .help("Rows to be logged, by arm: logged + dropped, once none waits.")
                .labelNames("arm")
                .register(registry);
        logged = Counter.builder()
                .name("tidewheel_sidecar_rows_logged")
                .help("Rows that Kafka has, by arm.")
                .labelNames("arm")
                .register(registry);
        dropped = Counter.builder()
                .name("tidewheel_sidecar_rows_dropped")
                .help("Rows that were not logged, or for which the shadow was not even asked, by arm and reason.")
                .labelNames("arm", "reason")
                .register(registry);
        waiting = Gauge.builder()
                .name("tidewheel_sidecar_rows_waiting")
                .help("Rows that wait for Kafka.")
                .register(registry);
        shadows = Gauge.builder()
                .name("tidewheel_sidecar_shadows_in_flight")
                .help("Requests that are with the shadow.")
                .register(registry);
        fallbacks = Counter.builder()
                .name("tidewheel_sidecar_canary_fallbacks")
                .help("Requests of the canary that went to the champion, by what the canary failed on.")
                .labelNames("reason")
                .register(registry);
        erased = Counter.builder()
                .name("tidewheel_sidecar_rows_erased")
                .help("Rows about erased entities, which are logged without keys, columns and answer, by arm.")
                .labelNames("arm")
                .register(registry);
        injecting = Gauge.builder()
                .name("tidewheel_sidecar_faults_injected")
                .help("1 while faults are injected on purpose: its answers are not to be used.")
                .register(registry);
    }

    /** Shows how much of the list of erased entities is known, and how old that is. */
    void following(ErasureFollower erasures, Registry definitions) {
        GaugeWithCallback.builder()
                .name("tidewheel_sidecar_erased_entities")
                .help("Entities on the registry's list of erased ones, by whether this sidecar can tell them:"
                        + " without the list's key it cannot, and logs requests about them as any other.")
                .labelNames("told")
                .callback(gauge -> erasures.known().ifPresent(known -> {
                    gauge.call(known.told(), "yes");
                    gauge.call(known.size() - known.told(), "no");
                }))
                .register(registry);
        GaugeWithCallback.builder()
                .name("tidewheel_sidecar_registry_silence_seconds")
                .help("How long ago Kafka last answered about the registry: a younger change of traffic, or an erasure,"
                        + " may not be known.")
                .unit(Unit.SECONDS)
                .callback(gauge -> gauge.call(definitions.silence().toNanos() / 1e9))
                .register(registry);
    }

    void injecting(boolean faults) {
        injecting.set(faults ? 1 : 0);
    }

    void answered(int status) {
        requests.labelValues(Integer.toString(status)).inc();
    }

    void took(String part, Arm arm, long nanos) {
        latency.labelValues(part, arm.label()).observe(nanos / 1e9);
    }

    /** Features were read for a version; what the shadow reads is served to nobody. */
    void read(Passage passage, long nanos) {
        took("features", passage.arm(), nanos);
        if (passage.arm() != Arm.SHADOW) {
            served(passage.admitted().t(), passage.vectors());
        }
    }

    /** Counts a request's values by status, and how old its views were. */
    private void served(long t, List<Vector> vectors) {
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

    void admitted(String arm) {
        admitted.labelValues(arm).inc();
    }

    void logged(String arm) {
        logged.labelValues(arm).inc();
    }

    void dropped(String arm, String reason) {
        dropped.labelValues(arm, reason).inc();
    }

    /** Rows that the shadow was to be asked and was not: admitted to the books, and dropped. */
    void shadowDropped(String reason, int rows) {
        admitted.labelValues(Arm.SHADOW.label()).inc(rows);
        dropped.labelValues(Arm.SHADOW.label(), reason).inc(rows);
    }

    void shadowsInFlight(int requests) {
        shadows.set(requests);
    }

    void fellBack(String reason) {
        fallbacks.labelValues(reason).inc();
    }

    void erased(Arm arm, long rows) {
        erased.labelValues(arm.label()).inc(rows);
    }

    void logWaiting(int rows) {
        waiting.set(rows);
    }
}
