package dev.tidewheel.monitoring.table;

import dev.tidewheel.monitoring.publish.Outgoing;
import dev.tidewheel.records.CountBlock;
import dev.tidewheel.records.Histogram;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.runtime.kafka.RecordSerde;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.jspecify.annotations.Nullable;

/** Published metric rows as rows of their table. */
final class MetricRows extends RichMapFunction<Outgoing, RowData> {
    private static final long serialVersionUID = 1L;

    private transient RecordSerde<MetricRow> serde;

    @SuppressWarnings("NullAway.Init") // Flink calls open before anything else.
    MetricRows() {}

    @Override
    public void open(OpenContext context) {
        serde = RecordSerde.of(MetricRow.class);
    }

    @Override
    public RowData map(Outgoing outgoing) {
        MetricRow row = serde.decode(outgoing.value());
        CountBlock counts = row.getCounts();
        Histogram histogram = row.getHistogram();
        return GenericRowData.of(
                text(row.getMonitor()),
                text(row.getModel()),
                text(row.getModelVersion()),
                text(row.getFeature()),
                text(row.getSegment()),
                row.getWindowStart(),
                row.getRevision(),
                row.getWindowEnd(),
                row.getSettled(),
                text(row.getMonitorHash()),
                text(row.getReference() == null ? null : row.getReference().getId()),
                counts.getRows(),
                counts.getNulls(),
                counts.getNans(),
                counts.getInfinities(),
                counts.getUnavailable(),
                counts.getValues(),
                text(histogram == null ? null : histogram.getEdges()),
                histogram == null ? null : histogram.getBelow(),
                histogram == null
                        ? null
                        : new GenericArrayData(histogram.getCounts().stream()
                                .mapToLong(Long::longValue)
                                .toArray()),
                histogram == null ? null : histogram.getAbove(),
                measures(row),
                row.getLabelled(),
                row.getUnassigned(),
                row.getComputedAt());
    }

    private static GenericArrayData measures(MetricRow row) {
        return new GenericArrayData(row.getMeasures().stream()
                .map(measure -> GenericRowData.of(
                        text(measure.getName()),
                        measure.getValue(),
                        measure.getThreshold(),
                        text(measure.getVerdict().name())))
                .toArray());
    }

    private static @Nullable StringData text(@Nullable String text) {
        return text == null ? null : StringData.fromString(text);
    }
}
