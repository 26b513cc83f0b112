package dev.tidewheel.monitoring.table;

import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Records of a log as rows of its table. Leaves out what the table held when the job was submitted: a job that starts
 * without a checkpoint reads those records again, and the table must have each of them once. Records that cannot be
 * decoded have no row; they are counted and logged where they are read.
 */
final class LogRows extends RichFlatMapFunction<LogRecord, RowData> {
    private static final long serialVersionUID = 1L;

    private final Log log;
    private final Map<Integer, Long> written;
    private transient RecordSerde<Inference> inferences;
    private transient RecordSerde<Label> labels;

    /** @param written partition to next offset, as {@link Tables#ensure} found it */
    @SuppressWarnings("NullAway.Init") // Flink calls open before anything else.
    LogRows(Log log, Map<Integer, Long> written) {
        this.log = log;
        this.written = Map.copyOf(written);
    }

    @Override
    public void open(OpenContext context) {
        inferences = RecordSerde.of(Inference.class);
        labels = RecordSerde.of(Label.class);
    }

    @Override
    public void flatMap(LogRecord record, Collector<RowData> out) {
        byte[] value = record.value();
        if (record.log() != log || value == null || record.offset() < written.getOrDefault(record.partition(), 0L)) {
            return;
        }
        GenericRowData row;
        try {
            row = log == Log.LABELS ? label(labels.decode(value)) : inference(inferences.decode(value));
        } catch (UnreadableRecordException e) {
            return;
        }
        row.setField(row.getArity() - 2, record.partition());
        row.setField(row.getArity() - 1, record.offset());
        out.collect(row);
    }

    private static GenericRowData label(Label label) {
        return GenericRowData.of(
                text(label.getRequestId()),
                label.getRow(),
                text(label.getModel()),
                text(label.getName()),
                label.getValue(),
                label.getKnownTime(),
                null,
                null);
    }

    private static GenericRowData inference(Inference row) {
        return GenericRowData.of(
                row.getT(),
                text(row.getRequestId()),
                row.getRow(),
                text(row.getArm()),
                text(row.getModel()),
                text(row.getModelVersion()),
                text(row.getService()),
                text(row.getServiceHash()),
                texts(row.getEntityNames()),
                texts(row.getEntityKeys()),
                new GenericArrayData(row.getNumbers().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray()),
                new GenericArrayData(
                        row.getIntegers().stream().mapToLong(Long::longValue).toArray()),
                texts(row.getStrings()),
                nulls(row),
                statuses(row.getStatuses()),
                row.getPrediction().isEmpty() ? null : row.getPrediction().get(0),
                text(row.getStatus().name()),
                text(row.getError()),
                row.getAdmittedAt(),
                row.getFeatureMicros(),
                row.getModelMicros(),
                row.getTotalMicros(),
                null,
                null);
    }

    private static GenericArrayData nulls(Inference row) {
        ByteBuffer bits = row.getNulls();
        boolean[] nulls = new boolean[row.getStatuses().remaining()];
        for (int slot = 0; slot < nulls.length; slot++) {
            nulls[slot] = slot / 8 >= bits.remaining() || (bits.get(bits.position() + slot / 8) >> (slot % 8) & 1) == 1;
        }
        return new GenericArrayData(nulls);
    }

    private static GenericArrayData statuses(ByteBuffer codes) {
        int[] statuses = new int[codes.remaining()];
        for (int slot = 0; slot < statuses.length; slot++) {
            statuses[slot] = codes.get(codes.position() + slot);
        }
        return new GenericArrayData(statuses);
    }

    private static GenericArrayData texts(List<String> texts) {
        return new GenericArrayData(texts.stream().map(StringData::fromString).toArray());
    }

    private static @Nullable StringData text(@Nullable String text) {
        return text == null ? null : StringData.fromString(text);
    }
}
