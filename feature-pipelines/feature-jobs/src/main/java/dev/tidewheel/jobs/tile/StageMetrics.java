package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.store.FeatureWriter.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * What a keyed stage counts, under {@code tidewheel.stage.<stage>}; changes also by view. Books are balanced from durable
 * output, not from these: a restart sets them back. Belongs to the subtask's thread, except {@link #storeRetried()}.
 */
final class StageMetrics {
    private static final int HISTOGRAM_WINDOW = 1_000;

    private final List<MetricGroup> groups;
    private final List<Counter[]> byView;
    private final Counter changes;
    private final Counter stateFreed;
    private final Counter conflictingDuplicates;
    private final Counter keysWritten;
    private final Counter keysSuperseded;
    private final Counter bytesWritten;
    private final Counter flushes;
    private final Counter refilled;
    private final Histogram flushMillis;
    private final AtomicLong retries = new AtomicLong();
    private long clockSkewMillis;

    StageMetrics(MetricGroup operator, StageSpec stage, List<StageView> views) {
        MetricGroup group = operator.addGroup("tidewheel").addGroup("stage", stage.name());
        groups = views.stream().map(view -> group.addGroup("view", view.name())).toList();
        byView = groups.stream().map(StageMetrics::dispositions).toList();
        changes = group.counter("changes");
        stateFreed = group.counter("stateFreed");
        conflictingDuplicates = group.counter("conflictingDuplicates");
        keysWritten = group.counter("keysWritten");
        keysSuperseded = group.counter("keysSuperseded");
        bytesWritten = group.counter("bytesWritten");
        flushes = group.counter("flushes");
        refilled = group.counter("keysRefilled");
        flushMillis = group.histogram("flushMillis", new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
        group.gauge("storeRetries", retries::get);
        group.gauge("bytesWrittenPerChange", this::bytesPerChange);
        group.gauge("bytesPerFlush", this::bytesPerFlush);
        group.gauge("clockSkewMillis", () -> clockSkewMillis);
    }

    /** By ordinal: looked up for every change and view. */
    private static Counter[] dispositions(MetricGroup view) {
        return Arrays.stream(Disposition.values())
                .map(disposition -> view.counter(disposition.name().toLowerCase(Locale.ROOT)))
                .toArray(Counter[]::new);
    }

    private double bytesPerChange() {
        return changes.getCount() == 0 ? 0 : (double) bytesWritten.getCount() / changes.getCount();
    }

    private double bytesPerFlush() {
        return flushes.getCount() == 0 ? 0 : (double) bytesWritten.getCount() / flushes.getCount();
    }

    /** Shows how much state each view has. */
    void show(StateSizes sizes) {
        for (int view = 0; view < groups.size(); view++) {
            int shown = view;
            groups.get(view).gauge("keys", () -> sizes.keys(shown));
            groups.get(view).gauge("stateBytes", () -> sizes.bytes(shown));
        }
    }

    /** @param aheadMillis by how much the record's Kafka timestamp lies in this machine's future */
    void changed(long aheadMillis) {
        changes.inc();
        clockSkewMillis = Math.max(0, aheadMillis);
    }

    void routed(int view, Disposition disposition) {
        byView.get(view)[disposition.ordinal()].inc();
    }

    void stateFreed() {
        stateFreed.inc();
    }

    void conflictingDuplicate() {
        conflictingDuplicates.inc();
    }

    void storeRetried() {
        retries.incrementAndGet();
    }

    void refilled(int keys) {
        refilled.inc(keys);
    }

    void flushed(Flush flush, Outcome outcome, long nanos) {
        flushes.inc();
        keysWritten.inc(outcome.accepted());
        keysSuperseded.inc(outcome.superseded());
        bytesWritten.inc(flush.bytes());
        flushMillis.update(nanos / 1_000_000);
    }
}
