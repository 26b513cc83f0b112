package dev.tidewheel.jobs.raw;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.ChangeEvent;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.runtime.warehouse.RawSchema;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.util.Collector;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Source records as rows of the raw table. Leaves out what the table held when the job was submitted: a job that starts
 * without a checkpoint, or from an older one, reads those records again, and the table must have each of them once.
 */
public final class RawRows extends RichFlatMapFunction<SourceRecord, RowData> {
    private static final long serialVersionUID = 1L;

    private final Channels channels;
    private final SerializableSupplier<RowSchema> columns;
    private final boolean ofChanges;
    private final Map<Integer, Long> written;
    private final int[] places;
    private transient ColumnType[] types;
    private transient StringData[] topics;

    /**
     * @param channels of the source's topics
     * @param columns gives the source's columns where the job runs
     * @param ofChanges whether the source tells of rows that change
     * @param written channel to next offset, as {@link RawTable#ensure} found it
     * @param places for each column of the table its place in {@link RawSchema#of}; −1 for one that the source has no more
     */
    public RawRows(
            Channels channels,
            SerializableSupplier<RowSchema> columns,
            boolean ofChanges,
            Map<Integer, Long> written,
            int[] places) {
        this.places = places.clone();
        this.ofChanges = ofChanges;
        this.channels = channels;
        this.columns = columns;
        this.written = Map.copyOf(written);
        this.types = new ColumnType[0];
        this.topics = new StringData[0];
    }

    @Override
    public void open(OpenContext context) {
        topics = channels.topics().stream().map(StringData::fromString).toArray(StringData[]::new);
        types = columns.get().columns().stream().map(column -> column.type()).toArray(ColumnType[]::new);
    }

    @Override
    public void flatMap(SourceRecord record, Collector<RowData> out) {
        if (record.offset() >= written.getOrDefault(record.partition(), 0L)) {
            out.collect(placed(row(record)));
        }
    }

    /** In the order of the table's columns. */
    private GenericRowData placed(GenericRowData row) {
        GenericRowData to = new GenericRowData(places.length);
        for (int column = 0; column < places.length; column++) {
            if (places[column] >= 0) {
                to.setField(column, row.getField(places[column]));
            }
        }
        return to;
    }

    private GenericRowData row(SourceRecord record) {
        int ofChange = ofChanges ? RawSchema.CHANGE_COLUMNS + types.length : 0;
        GenericRowData to = new GenericRowData(types.length + RawSchema.OWN_COLUMNS + ofChange);
        copy(record.row(), to, 0);
        int own = types.length;
        to.setField(own, topics[channels.place(record.partition())]);
        to.setField(own + 1, channels.partition(record.partition()));
        to.setField(own + 2, record.offset());
        to.setField(own + 3, record.timestamp());
        if (record.reason() != null) {
            to.setField(own + 4, StringData.fromString(record.reason().name()));
            to.setField(own + 5, record.key());
            to.setField(own + 6, record.value());
        }
        ChangeEvent event = record.event();
        if (event != null) {
            change(event, to, own + RawSchema.OWN_COLUMNS);
        }
        return to;
    }

    private void change(ChangeEvent event, GenericRowData to, int at) {
        to.setField(at, StringData.fromString(event.operation()));
        to.setField(at + 1, event.connectorTime());
        to.setField(at + 2, event.databaseTime());
        if (event.before() != null) {
            copy(event.before().row(), to, at + RawSchema.CHANGE_COLUMNS);
        }
    }

    private void copy(Row from, GenericRowData to, int at) {
        for (int slot = 0; slot < types.length; slot++) {
            to.setField(at + slot, value(from, slot));
        }
    }

    private @Nullable Object value(Row from, int slot) {
        if (from.isNull(slot)) {
            return null;
        }
        return switch (types[slot]) {
            case INT64, TIMESTAMP -> from.getLong(slot);
            case FLOAT64 -> from.getDouble(slot);
            case BOOL -> from.getBoolean(slot);
            case STRING, JSON -> StringData.fromString(from.getString(slot));
        };
    }
}
