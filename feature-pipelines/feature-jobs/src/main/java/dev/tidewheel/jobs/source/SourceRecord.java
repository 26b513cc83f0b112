package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.RowChange;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.records.DeadLetterReason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record of the source's topic as it travels inside the job: where it stood, what it says, or why it was refused.
 * Flat, so that Flink serialises it field by field without a fallback. The topics are the job's and stand once, in
 * {@link SourceLayout}.
 *
 * @param partition its channel, see {@link dev.tidewheel.definitions.Channels}
 * @param offset in the topic's partition
 * @param timestamp Kafka's, epoch milliseconds
 * @param key the record's key as it came; kept only if the record was refused
 * @param value the record's value as it came; kept only if the record was refused
 * @param words see {@link Row#words()}
 * @param strings see {@link Row#strings()}
 * @param nulls see {@link Row#nulls()}
 * @param eventTime when it happened, epoch milliseconds; meaningless if refused
 * @param knownTime when it could first be known, epoch milliseconds; meaningless if refused
 * @param idText see {@link EventId#text()}
 * @param idHigh see {@link EventId#high()}
 * @param idLow see {@link EventId#low()}
 * @param reason why the record was refused; null if it was accepted
 * @param detail what exactly was wrong with a refused record; empty if it was accepted
 * @param event what a change event brings beside; null for an event, and if the record was refused
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose; compared by position, never by equals.
public record SourceRecord(
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        long[] words,
        @Nullable String[] strings,
        boolean[] nulls,
        long eventTime,
        long knownTime,
        String idText,
        long idHigh,
        long idLow,
        @Nullable DeadLetterReason reason,
        String detail,
        @Nullable ChangeEvent event) {

    /** Whether the record was understood; otherwise {@link #reason()} says why not. */
    public boolean accepted() {
        return reason == null;
    }

    /** The columns, over this record's arrays. */
    public Row row() {
        return new Row(words, strings, nulls);
    }

    /** Whether {@link #change()} counts: always for an event, for a change event if it tells of a row that counts. */
    public boolean adds() {
        return accepted() && (event == null || event.adds());
    }

    /** The row that counts from now on. */
    public Change change() {
        return new Change(false, id(), eventTime, knownTime, row());
    }

    /** The row that counts no longer; null if there is none. */
    public @Nullable Change taken() {
        ChangeEvent.Image before = event == null ? null : event.before();
        return before == null || !before.counted()
                ? null
                : new Change(true, id(), before.eventTime(), knownTime, before.row());
    }

    private EventId id() {
        return new EventId(idText, idHigh, idLow);
    }

    /** The same record, refused; its bytes are not at hand any more. */
    SourceRecord refused(DeadLetterReason why, String what) {
        return new SourceRecord(
                partition, offset, timestamp, null, null, words, strings, nulls, 0, 0, "", 0, 0, why, what, null);
    }

    /** The same record without anything that it says: it is one of an erased entity. */
    SourceRecord erased() {
        Row empty = new Row(nulls.length);
        return new SourceRecord(
                partition,
                offset,
                timestamp,
                null,
                null,
                empty.words(),
                empty.strings(),
                empty.nulls(),
                0,
                0,
                "",
                0,
                0,
                DeadLetterReason.ERASED,
                "",
                null);
    }

    /** The same record with other rows: what it says that changed, put right. */
    public SourceRecord with(RowChange change, int eventTimeSlot) {
        ChangeEvent said = Objects.requireNonNull(event, "no change event");
        Row before = change.before();
        boolean adds = change.after() != null && !change.after().isNull(eventTimeSlot);
        return new SourceRecord(
                partition,
                offset,
                timestamp,
                key,
                value,
                words,
                strings,
                nulls,
                eventTime,
                knownTime,
                idText,
                idHigh,
                idLow,
                reason,
                detail,
                new ChangeEvent(
                        said.operation(),
                        said.connectorTime(),
                        said.databaseTime(),
                        adds,
                        before == null ? null : ChangeEvent.Image.of(before, eventTimeSlot)));
    }
}
