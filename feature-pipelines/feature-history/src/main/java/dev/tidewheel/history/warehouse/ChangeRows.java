package dev.tidewheel.history.warehouse;

import dev.tidewheel.feature.change.Changelog;
import dev.tidewheel.feature.change.RowChange;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.ChangeStream;
import dev.tidewheel.history.source.RecordSink;
import dev.tidewheel.history.source.SourceColumns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The raw rows of a change stream, played in the order of their partitions as the feature job plays them: which row each
 * record took away, and which it added. Not thread-safe.
 */
final class ChangeRows {
    private final SourceColumns columns;
    private final ChangeStream stream;
    private final int eventTime;
    private final List<Raw> rows = new ArrayList<>();

    /**
     * One record.
     *
     * @param knownTime epoch milliseconds
     * @param operation null if the record was rejected
     */
    record Raw(
            int partition,
            long offset,
            long knownTime,
            @Nullable RowOperation operation,
            Row before,
            Row after) {}

    ChangeRows(SourceColumns columns, ChangeStream stream) {
        this.columns = columns;
        this.stream = stream;
        this.eventTime = columns.schema().slot(columns.eventTime());
    }

    void add(Raw raw) {
        rows.add(raw);
    }

    /** Appends all changes; a record that changes nothing is kept for the books, and one that was written twice counts once. */
    void appendTo(RecordSink history) {
        rows.sort(Comparator.comparingInt(Raw::partition).thenComparingLong(Raw::offset));
        Map<Integer, Changelog> changelogs = new HashMap<>();
        Raw last = null;
        for (Raw raw : rows) {
            if (last == null || last.partition != raw.partition || last.offset != raw.offset) {
                append(raw, change(raw, changelogs), history);
            }
            last = raw;
        }
    }

    private RowChange change(Raw raw, Map<Integer, Changelog> changelogs) {
        if (raw.operation == null) {
            return RowChange.NONE;
        }
        RowChange said = raw.operation.of(raw.before, raw.after);
        return stream.key().isEmpty()
                ? said
                : changelogs
                        .computeIfAbsent(raw.partition, unseen -> new Changelog(columns.schema(), stream.key()))
                        .apply(said);
    }

    /** Appends the changes of a record that brings the row before. */
    void append(Raw raw, RecordSink history) {
        append(raw, change(raw, Map.of()), history);
    }

    private void append(Raw raw, RowChange change, RecordSink history) {
        Row taken = counted(change.before());
        Row added = counted(change.after());
        if (added != null) {
            history.append(added);
            history.record(raw.partition, raw.offset, raw.knownTime);
        } else if (taken == null) {
            history.append(new Row(columns.schema().size()));
            history.rejected(raw.partition, raw.offset, raw.knownTime);
        }
        if (taken != null) {
            history.append(taken);
            history.taken(raw.partition, raw.offset, raw.knownTime, added == null);
        }
    }

    /** A row without an event time has not happened yet and counts nowhere. */
    private @Nullable Row counted(@Nullable Row row) {
        return row == null || row.isNull(eventTime) ? null : row;
    }
}
