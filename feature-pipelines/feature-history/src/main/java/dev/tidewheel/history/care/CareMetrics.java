package dev.tidewheel.history.care;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What care did, and how the tables are, by table. Thread-safe. */
public final class CareMetrics {
    private static final double MILLIS_PER_SECOND = 1000;

    private final Gauge files;
    private final Gauge smallFiles;
    private final Gauge deleteFiles;
    private final Gauge snapshots;
    private final Gauge tags;
    private final Gauge metadataBytes;
    private final Gauge lastSuccess;
    private final Counter rewritten;
    private final Counter expired;
    private final Counter orphans;
    private final Counter conflicts;
    private final Counter failures;

    public CareMetrics(PrometheusRegistry registry) {
        files = gauge(registry, "files", "Data files of the newest snapshot.");
        smallFiles = gauge(registry, "small_files", "Data files that are smaller than they should be.");
        deleteFiles = gauge(registry, "delete_files", "Files that say which rows were deleted since.");
        snapshots = gauge(registry, "snapshots", "Snapshots that can be read.");
        tags = gauge(registry, "tags", "Tags that hold snapshots.");
        metadataBytes = gauge(registry, "metadata_bytes", "Metadata and manifests of the newest snapshot.");
        lastSuccess = gauge(registry, "last_success_seconds", "When care was last through, seconds since the epoch.");
        rewritten = counter(registry, "files_rewritten", "Small files that were written together.");
        expired = counter(registry, "snapshots_expired", "Snapshots that were let go.");
        orphans = counter(registry, "orphans_removed", "Files removed that no snapshot named.");
        conflicts = counter(registry, "conflicts", "Commits of others that came between.");
        failures = counter(registry, "failures", "Rounds that failed for the table.");
    }

    /** @param now epoch milliseconds */
    public void record(WarehouseCare.Round round, long now) {
        round.done().forEach(report -> record(report, now));
        round.failed().keySet().forEach(table -> failures.labelValues(table).inc());
    }

    private void record(CareReport report, long now) {
        String table = report.table();
        TableHealth health = report.health();
        files.labelValues(table).set(health.files());
        smallFiles.labelValues(table).set(health.smallFiles());
        deleteFiles.labelValues(table).set(health.deleteFiles());
        snapshots.labelValues(table).set(health.snapshots());
        tags.labelValues(table).set(health.tags().size());
        metadataBytes.labelValues(table).set(health.metadataBytes());
        rewritten.labelValues(table).inc(report.filesFrom());
        expired.labelValues(table).inc(report.expired());
        orphans.labelValues(table).inc(report.orphans());
        conflicts.labelValues(table).inc(report.conflicts());
        if (report.unfinished().isEmpty()) {
            lastSuccess.labelValues(table).set(now / MILLIS_PER_SECOND);
        }
    }

    private static Gauge gauge(PrometheusRegistry registry, String name, String help) {
        return Gauge.builder()
                .name("tidewheel_table_" + name)
                .help(help)
                .labelNames("table")
                .register(registry);
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help) {
        return Counter.builder()
                .name("tidewheel_table_" + name)
                .help(help)
                .labelNames("table")
                .register(registry);
    }
}
