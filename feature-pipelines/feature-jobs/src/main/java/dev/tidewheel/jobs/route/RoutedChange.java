package dev.tidewheel.jobs.route;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.jobs.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way to its key, flat for Flink's serialisers.
 *
 * @param partition its channel, see {@link dev.tidewheel.definitions.Channels}
 * @param offset in the topic's partition
 * @param timestamp Kafka's, epoch milliseconds
 * @param idText see {@link EventId#text()}
 * @param idHigh see {@link EventId#high()}
 * @param idLow see {@link EventId#low()}
 * @param eventTime when it happened, epoch milliseconds
 * @param knownTime when it could first be known, epoch milliseconds
 * @param words see {@link Row#words()}
 * @param strings see {@link Row#strings()}
 * @param nulls see {@link Row#nulls()}
 * @param retraction whether the row counts no longer
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose; never compared.
public record RoutedChange(
        int partition,
        long offset,
        long timestamp,
        String idText,
        long idHigh,
        long idLow,
        long eventTime,
        long knownTime,
        long[] words,
        @Nullable String[] strings,
        boolean[] nulls,
        boolean retraction) {

    /** A row that counts from now on. */
    public RoutedChange(
            int partition,
            long offset,
            long timestamp,
            String idText,
            long idHigh,
            long idLow,
            long eventTime,
            long knownTime,
            long[] words,
            @Nullable String[] strings,
            boolean[] nulls) {
        this(partition, offset, timestamp, idText, idHigh, idLow, eventTime, knownTime, words, strings, nulls, false);
    }

    /** A change that a record brings. */
    public static RoutedChange of(SourceRecord record, Change change) {
        return new RoutedChange(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.idText(),
                record.idHigh(),
                record.idLow(),
                change.eventTime(),
                change.knownTime(),
                change.row().words(),
                change.row().strings(),
                change.row().nulls(),
                change.retraction());
    }

    /** The event's id. */
    public EventId id() {
        return new EventId(idText, idHigh, idLow);
    }

    /** The same change as if it were another event's. */
    RoutedChange withIdSuffix(String suffix) {
        return new RoutedChange(
                partition,
                offset,
                timestamp,
                idText + suffix,
                idHigh,
                idLow,
                eventTime,
                knownTime,
                words,
                strings,
                nulls,
                retraction);
    }

    /** As the mathematics take it. */
    public Change change() {
        return new Change(retraction, id(), eventTime, knownTime, new Row(words, strings, nulls));
    }
}
