package dev.tidewheel.lifecycle.streams;

import dev.tidewheel.lifecycle.fold.Outcome;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What Prometheus sees of the lifecycle. Counts what was processed, repeated work after a crash included. Thread-safe. */
public final class LifecycleMetrics {
    private final Counter decisions;
    private final Counter letters;
    private final Gauge settled;

    public LifecycleMetrics(PrometheusRegistry registry) {
        decisions = Counter.builder()
                .name("tidewheel_lifecycle_decisions")
                .help("Events of the inbox that were decided, by outcome.")
                .labelNames("outcome")
                .register(registry);
        letters = Counter.builder()
                .name("tidewheel_lifecycle_dead_letters")
                .help("Records that could not be used.")
                .register(registry);
        settled = Gauge.builder()
                .name("tidewheel_lifecycle_settled")
                .help("1 while nothing is awaited from the cluster, by model.")
                .labelNames("model")
                .register(registry);
    }

    void decided(String model, Outcome outcome, boolean isSettled) {
        decisions.labelValues(outcome.name()).inc();
        settled.labelValues(model).set(isSettled ? 1 : 0);
    }

    void deadLetter() {
        letters.inc();
    }
}
