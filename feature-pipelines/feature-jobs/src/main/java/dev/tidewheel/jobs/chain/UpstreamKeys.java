package dev.tidewheel.jobs.chain;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.route.KeyedChange;
import dev.tidewheel.jobs.route.RoutedChange;
import dev.tidewheel.jobs.source.SourceRecord;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives changes the upstream's key. What has none, or could not be decoded, is nobody's change; the job that computes the
 * upstream itself has said so.
 */
public final class UpstreamKeys extends RichFlatMapFunction<SourceRecord, KeyedChange> {
    private static final long serialVersionUID = 1L;

    private final SerializableSupplier<ViewPlan> plan;
    private transient @Nullable ViewPlan compiled;

    public UpstreamKeys(SerializableSupplier<ViewPlan> plan) {
        this.plan = plan;
    }

    @Override
    public void open(OpenContext context) {
        compiled = plan.get();
    }

    @Override
    public void flatMap(SourceRecord record, Collector<KeyedChange> out) {
        if (!record.accepted()) {
            return;
        }
        Change taken = record.taken();
        if (taken != null) {
            send(record, taken, out);
        }
        if (record.adds()) {
            send(record, record.change(), out);
        }
    }

    private void send(SourceRecord record, Change change, Collector<KeyedChange> out) {
        Objects.requireNonNull(compiled, "not open")
                .entityKey(change.row())
                .ifPresent(key -> out.collect(new KeyedChange(key, RoutedChange.of(record, change))));
    }
}
