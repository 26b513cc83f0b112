package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.records.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/**
 * One record of the source's topic as it travels inside the job: where it stood, what it says, or why it was refused.
 * Flat, so that Flink serialises it field by field without a fallback. The topic is the job's and stands once, in
 * {@link SourceLayout}.
 *
 * @param partition of the source's topic
 * @param offset in the partition
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
        String detail) {

    /** Whether the record became a change; otherwise {@link #reason()} says why not. */
    public boolean accepted() {
        return reason == null;
    }

    /** The columns, over this record's arrays. */
    public Row row() {
        return new Row(words, strings, nulls);
    }

    /** The change that an accepted record stands for. */
    public Change change() {
        return new Change(false, new EventId(idText, idHigh, idLow), eventTime, knownTime, row());
    }
}
