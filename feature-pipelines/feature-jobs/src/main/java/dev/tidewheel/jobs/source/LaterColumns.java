package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.change.RowChange;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.records.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hides the values of columns from records that were there before the columns were, see {@link ColumnsSince}. A record
 * that then lacks a time or its id is refused, as history leaves it out.
 */
public final class LaterColumns extends RichMapFunction<SourceRecord, SourceRecord> {
    private static final long serialVersionUID = 1L;

    private final SourceLayout layout;
    private final SerializableSupplier<RowSchema> columns;
    private final ColumnsSince since;
    private transient @Nullable RowSchema schema;
    private transient List<String> later = new ArrayList<>();

    /**
     * @param columns gives the source's columns where the job runs
     */
    public LaterColumns(SourceLayout layout, SerializableSupplier<RowSchema> columns, ColumnsSince since) {
        this.layout = layout;
        this.columns = columns;
        this.since = since;
    }

    @Override
    public void open(OpenContext context) {
        schema = columns.get();
        later = since.columns().keySet().stream()
                .filter(name -> slot(name) >= 0)
                .sorted()
                .toList();
    }

    private int slot(String column) {
        return schema == null ? -1 : schema.slot(column);
    }

    @Override
    public SourceRecord map(SourceRecord record) {
        boolean hid = false;
        for (String column : later) {
            if (record.accepted() && since.hides(column, record.partition(), record.offset())) {
                hide(record, slot(column));
                hid = true;
            }
        }
        return hid ? judged(record) : record;
    }

    /** A record's row is its own from where it was decoded. */
    private static void hide(SourceRecord record, int slot) {
        record.row().setNull(slot);
        ChangeEvent event = record.event();
        if (event != null && event.before() != null) {
            event.before().row().setNull(slot);
        }
    }

    private SourceRecord judged(SourceRecord record) {
        TopicLayout topic = layout.topics().get(layout.channels().place(record.partition()));
        if (topic.member() != null) {
            // A union's times and id are columns of its own, told by the member's record.
            return record;
        }
        ChangeEvent event = record.event();
        if (event != null) {
            Row before = event.before() == null ? null : event.before().row();
            return record.with(new RowChange(before, record.row()), slot(String.valueOf(topic.eventTime())));
        }
        if (lacks(record, topic.eventTime())) {
            return record.refused(DeadLetterReason.NO_EVENT_TIME, reason(topic.eventTime()));
        }
        if (lacks(record, topic.knownTime())) {
            return record.refused(DeadLetterReason.NO_KNOWN_TIME, reason(topic.knownTime()));
        }
        if (lacks(record, topic.eventId())) {
            return record.refused(DeadLetterReason.NO_EVENT_ID, reason(topic.eventId()));
        }
        return record;
    }

    private boolean lacks(SourceRecord record, @Nullable String column) {
        return column != null && record.row().isNull(slot(column));
    }

    private static String reason(@Nullable String column) {
        return column + " is null in the raw table, because the column came later than the record";
    }
}
