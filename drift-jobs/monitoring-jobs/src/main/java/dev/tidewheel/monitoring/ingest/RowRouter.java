package dev.tidewheel.monitoring.ingest;

import dev.tidewheel.definitions.Monitor;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.monitoring.label.LabelInput;
import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.monitoring.window.Cell;
import dev.tidewheel.monitoring.window.CellUpdate;
import dev.tidewheel.monitoring.window.Windowing;
import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings inferences to the counter of their version, and labels on their way. Not thread-safe. */
final class RowRouter {
    private static final Logger LOG = LoggerFactory.getLogger(RowRouter.class);

    private record Plan(String model, String version, String serviceHash) implements Comparable<Plan> {
        @Override
        public int compareTo(Plan that) {
            return (model + "/" + version + "/" + serviceHash)
                    .compareTo(that.model + "/" + that.version + "/" + that.serviceHash);
        }
    }

    private final MonitoredModels models;
    private final RecordSerde<Inference> inferences = RecordSerde.of(Inference.class);
    private final RecordSerde<Label> labels = RecordSerde.of(Label.class);
    private final Map<Plan, VersionCounter> counters = new TreeMap<>();
    private final Counter unreadable;
    private final Counter unmonitored;
    private final Counter late;

    RowRouter(MonitoredModels models, MetricGroup metrics) {
        this.models = models;
        this.unreadable = metrics.counter("unreadable");
        this.unmonitored = metrics.counter("unmonitored");
        this.late = metrics.counter("tooLate");
    }

    /**
     * Counts an inference or sends a label on.
     *
     * @param must even if what would be needed to count it fully is not known yet
     * @return whether that was done
     */
    boolean take(
            LogRecord record, long watermark, boolean must, Consumer<CellUpdate> cells, Consumer<LabelInput> waiting) {
        byte[] value = record.value();
        if (value == null) {
            return true;
        }
        try {
            return record.log() == Log.LABELS
                    ? label(labels.decode(value), must, waiting)
                    : inference(inferences.decode(value), watermark, must, cells, waiting);
        } catch (UnreadableRecordException e) {
            unreadable.inc();
            LOG.error(
                    "a record of {} cannot be read (partition {}, offset {})",
                    record.log().topic(),
                    record.partition(),
                    record.offset(),
                    e);
            return true;
        }
    }

    private boolean inference(
            Inference row, long watermark, boolean must, Consumer<CellUpdate> cells, Consumer<LabelInput> waiting) {
        Plan plan = new Plan(row.getModel(), row.getModelVersion(), row.getServiceHash());
        VersionCounter counter = counters.get(plan);
        if (counter == null) {
            List<Monitor> monitors = models.monitors(row.getModel());
            Optional<Profile> profile = models.profile(row.getModel(), row.getModelVersion());
            Optional<List<DefinedColumn>> columns = models.columns(row.getServiceHash());
            boolean known = !monitors.isEmpty() && profile.isPresent() && columns.isPresent();
            if (!known && !must) {
                return false;
            }
            counter = new VersionCounter(
                    row.getModel(), row.getModelVersion(), new RowReader(columns.orElse(List.of())), monitors, profile);
            if (known) {
                counters.put(plan, counter);
            }
        }
        count(row, watermark, counter, waiting);
        if (!counters.containsKey(plan)) {
            // The next row asks again: what was missing may be known then.
            counter.flush(Long.MAX_VALUE, cells);
        }
        return true;
    }

    private void count(Inference row, long watermark, VersionCounter counter, Consumer<LabelInput> waiting) {
        if (!counter.isWatched()) {
            unmonitored.inc();
            return;
        }
        if (!counter.fits(row)) {
            unreadable.inc();
            LOG.error(
                    "row {} of request {} of {} has other columns than service {}: it is not counted",
                    row.getRow(),
                    row.getRequestId(),
                    row.getModel(),
                    row.getServiceHash());
            return;
        }
        LabelInput asked = counter.count(row, watermark);
        if (asked == null) {
            late.inc();
        } else {
            waiting.accept(asked);
        }
    }

    private boolean label(Label label, boolean must, Consumer<LabelInput> waiting) {
        List<Monitor> monitors = models.monitors(label.getModel());
        if (monitors.isEmpty()) {
            if (must) {
                unmonitored.inc();
            }
            return must;
        }
        long[] starts = monitors.stream()
                .mapToLong(monitor -> Windowing.windowOf(monitor, label.getKnownTime()))
                .toArray();
        long[] ends = new long[starts.length];
        long keepUntil = label.getKnownTime();
        for (int i = 0; i < starts.length; i++) {
            ends[i] = starts[i] + monitors.get(i).window().toMillis();
            keepUntil = Math.max(keepUntil, Windowing.deadline(monitors.get(i), ends[i]));
        }
        waiting.accept(new LabelInput(
                LabelInput.Kind.KNOWN,
                label.getModel(),
                label.getRequestId(),
                label.getRow(),
                "",
                label.getValue(),
                label.getKnownTime(),
                keepUntil,
                monitors.stream().map(Monitor::name).toArray(String[]::new),
                monitors.stream().map(monitor -> Cell.ALL).toArray(String[]::new),
                starts,
                ends));
        return true;
    }

    /** Sends on the windows that end at or before a moment. */
    void flush(long endsBy, Consumer<CellUpdate> cells) {
        counters.values().forEach(counter -> counter.flush(endsBy, cells));
    }

    /** Sends everything on and plans anew: definitions have changed. */
    void forgetPlans(Consumer<CellUpdate> cells) {
        flush(Long.MAX_VALUE, cells);
        counters.clear();
    }
}
