package dev.tidewheel.monitoring.publish;

import dev.tidewheel.records.Measure;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.runtime.kafka.RecordSerde;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.MetricGroup;

/**
 * Gauges of the newest closed window of every monitor, version, feature and measure, of all rows together: for
 * Prometheus, through Flink's reporter, with the window's end beside them, since the values of a story or of late labels
 * are older than their scrape. Segments are left to the table: their number times that of features would be too many
 * series. Registered by the subtask's thread, read by the reporter's.
 */
final class NewestWindows {
    private static final String ALL = "all";
    private static final double MILLIS = 1_000;

    private static final class Value {
        private volatile double value;
    }

    private final MetricGroup metrics;
    private final RecordSerde<MetricRow> rows = RecordSerde.of(MetricRow.class);
    private final Map<String, MetricGroup> groups = new HashMap<>();
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();

    NewestWindows(MetricGroup metrics) {
        this.metrics = metrics;
    }

    /** A row was published. */
    void published(Outgoing outgoing) {
        if (!outgoing.key().endsWith("/" + ALL)) {
            return;
        }
        MetricRow row = rows.decode(outgoing.value());
        String cell = outgoing.key();
        if (row.getWindowEnd() < ends.getOrDefault(cell, Long.MIN_VALUE)) {
            return;
        }
        ends.put(cell, row.getWindowEnd());
        MetricGroup group = groups.computeIfAbsent(cell, none -> group(row));
        set(group, cell, "window_end_seconds", row.getWindowEnd() / MILLIS);
        for (Measure measure : row.getMeasures()) {
            Double value = measure.getValue();
            set(group, cell, measure.getName(), value == null ? Double.NaN : value);
        }
    }

    private MetricGroup group(MetricRow row) {
        return metrics.addGroup("monitor", row.getMonitor())
                .addGroup("model", row.getModel())
                .addGroup("version", row.getModelVersion())
                .addGroup("feature", String.valueOf(row.getFeature()));
    }

    private void set(MetricGroup group, String cell, String name, double now) {
        values.computeIfAbsent(cell + "/" + name, none -> {
                    Value value = new Value();
                    group.gauge(name, () -> value.value);
                    return value;
                })
                .value = now;
    }
}
