package dev.tidewheel.modelserver.http;

import dev.tidewheel.modelserver.model.ModelId;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of inference requests. Labels name models that exist, never what a caller made up. Safe for use by
 * many threads; a server registers its metrics once and takes them back when it closes.
 */
public final class ServerMetrics implements AutoCloseable {

    private static final String UNKNOWN = "unknown";

    private final PrometheusRegistry registry;
    private final Counter requests;
    private final Histogram seconds;
    private final Histogram rows;
    private final GaugeWithCallback queued;
    private final GaugeWithCallback loaded;

    /** Registers the metrics. */
    public ServerMetrics(PrometheusRegistry registry, IntSupplier queued, IntSupplier loaded) {
        this.registry = registry;
        this.requests = Counter.builder()
                .name("tidewheel_model_requests_total")
                .help("Inference requests answered, by HTTP status")
                .labelNames("model", "version", "status")
                .register(registry);
        this.seconds = Histogram.builder()
                .name("tidewheel_model_request_seconds")
                .help("From the last byte of an inference request to its answer")
                .labelNames("model", "version")
                .classicUpperBounds(0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
                .register(registry);
        this.rows = Histogram.builder()
                .name("tidewheel_model_request_rows")
                .help("Rows of an answered inference request")
                .labelNames("model", "version")
                .classicUpperBounds(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000)
                .register(registry);
        this.queued = GaugeWithCallback.builder()
                .name("tidewheel_model_queue_requests")
                .help("Inference requests that wait for a worker")
                .callback(gauge -> gauge.call(queued.getAsInt()))
                .register(registry);
        this.loaded = GaugeWithCallback.builder()
                .name("tidewheel_model_loaded_versions")
                .help("Model versions in memory")
                .callback(gauge -> gauge.call(loaded.getAsInt()))
                .register(registry);
    }

    /** One inference request has been answered; {@code id} is null if it named no existing version. */
    void answered(@Nullable ModelId id, int status, long nanos) {
        String model = id == null ? UNKNOWN : id.model();
        String version = id == null ? UNKNOWN : id.version();
        requests.labelValues(model, version, Integer.toString(status)).inc();
        seconds.labelValues(model, version).observe(nanos / 1e9);
    }

    /** A model has computed. */
    void computed(ModelId id, long count) {
        rows.labelValues(id.model(), id.version()).observe(count);
    }

    @Override
    public void close() {
        registry.unregister(requests);
        registry.unregister(seconds);
        registry.unregister(rows);
        registry.unregister(queued);
        registry.unregister(loaded);
    }
}
