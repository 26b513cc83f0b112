package dev.tidewheel.jobs.source;

import dev.tidewheel.definitions.RecordTime;
import dev.tidewheel.feature.change.Changelog;
import dev.tidewheel.feature.change.RowChange;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.ReadValue.RowChanged;
import dev.tidewheel.records.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/**
 * Judges change events: which rows they take away and add, and whether they say enough for that. A row without an event
 * time has not happened yet and counts nowhere. Not thread-safe.
 */
final class ChangeDecoder {
    private static final String FULL_ROWS =
            "set the table's replica identity to full, or write changelog: {key: […]} in" + " the source";

    private final TopicLayout layout;
    private final int eventTime;
    private final @Nullable Changelog changelog;

    /** Why an event cannot be used. */
    record Refused(DeadLetterReason reason, String detail) {}

    /** @param eventTime the slot of the event time */
    ChangeDecoder(TopicLayout layout, RowSchema columns, int eventTime) {
        this.layout = layout;
        this.eventTime = eventTime;
        this.changelog = layout.changelog().isEmpty() ? null : new Changelog(columns, layout.changelog());
        if (eventTime < 0) {
            throw new IllegalArgumentException(
                    "source " + layout.source() + ": change events need an eventTime column");
        }
    }

    /** What is missing in an event; null if nothing is. */
    @Nullable
    Refused refusal(RowChanged event) {
        RowOperation operation = event.operation();
        if (operation.adds() && event.after() == null) {
            return new Refused(DeadLetterReason.UNDECODABLE, "op is '" + operation.word() + "', but after is null");
        }
        if (!operation.adds() && !operation.takes()) {
            return null;
        }
        if (layout.recordTime() != RecordTime.KAFKA && ownTime(event) == null) {
            return new Refused(
                    DeadLetterReason.NO_KNOWN_TIME,
                    (layout.recordTime() == RecordTime.CONNECTOR ? "ts_ms" : "source.ts_ms") + " is missing");
        }
        return changelog == null
                ? ofFullRows(operation, event.before())
                : ofKeys(changelog, operation, operation.of(event.before(), event.after()));
    }

    private @Nullable Refused ofFullRows(RowOperation operation, @Nullable Row before) {
        if (operation.takes() && before == null) {
            return new Refused(
                    DeadLetterReason.UNDECODABLE,
                    "op is '" + operation.word() + "', but before is null: the old row cannot be taken away; "
                            + FULL_ROWS);
        }
        if (operation == RowOperation.DELETE && before != null && before.isNull(eventTime)) {
            return new Refused(
                    DeadLetterReason.NO_EVENT_TIME,
                    layout.eventTime() + " of the deleted row is null: either it never counted, or before has only the"
                            + " key; then, " + FULL_ROWS);
        }
        return null;
    }

    private @Nullable Refused ofKeys(Changelog rows, RowOperation operation, RowChange change) {
        Row keyed = change.after() == null ? change.before() : change.after();
        if (keyed == null) {
            return new Refused(
                    DeadLetterReason.NO_KEY, "op is '" + operation.word() + "', but before is null: there is no key");
        }
        String missing = rows.missing(keyed);
        return missing == null
                ? null
                : new Refused(DeadLetterReason.NO_KEY, "primary key column '" + missing + "' is null");
    }

    private @Nullable Long ownTime(RowChanged event) {
        return layout.recordTime() == RecordTime.CONNECTOR ? event.connectorTime() : event.databaseTime();
    }

    /** When a change was known; the Kafka timestamp also where nothing changes and the event says no time. */
    long knownTime(RowChanged event, long timestamp) {
        Long own = layout.recordTime() == RecordTime.KAFKA ? null : ownTime(event);
        return own == null ? timestamp : own;
    }

    ChangeEvent event(RowChanged value) {
        RowChange change = value.operation().of(value.before(), value.after());
        return new ChangeEvent(
                value.operation().word(),
                value.connectorTime(),
                value.databaseTime(),
                change.after() != null && !change.after().isNull(eventTime),
                change.before() == null ? null : ChangeEvent.Image.of(change.before(), eventTime));
    }
}
