package dev.tidewheel.jobs.source;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.UnionRows;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.registry.RegistryUnavailableException;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.erase.ErasedRows;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one of a source's topics: in a union as the member says, then as rows of the union, under the
 * topic's channels. Of a record of an erased entity only its place is left. Not thread-safe.
 */
final class TopicDecoder {
    private final String topic;
    private final int firstChannel;
    private final RecordDecoder decoder;
    private final @Nullable UnionRows rows;
    private final ErasedRows erased;

    private TopicDecoder(
            String topic, int firstChannel, RecordDecoder decoder, @Nullable UnionRows rows, ErasedRows erased) {
        this.topic = topic;
        this.firstChannel = firstChannel;
        this.decoder = decoder;
        this.rows = rows;
        this.erased = erased;
    }

    /**
     * Of each topic of a source, in their order.
     *
     * @param columns the source's
     * @param erased entities that are left out
     * @throws IllegalArgumentException as {@link RecordDecoder} does
     */
    static TopicDecoder[] of(
            SourceLayout source, RowSchema columns, @Nullable SchemaRegistryConfig registry, ErasedEntities erased) {
        Channels channels = source.channels();
        return source.topics().stream()
                .map(topic -> of(topic, channels.channel(topic.topic(), 0), columns, registry, erased.rows(columns)))
                .toArray(TopicDecoder[]::new);
    }

    private static TopicDecoder of(
            TopicLayout topic,
            int firstChannel,
            RowSchema columns,
            @Nullable SchemaRegistryConfig registry,
            ErasedRows erased) {
        MemberLayout member = topic.member();
        return member == null
                ? new TopicDecoder(
                        topic.topic(), firstChannel, new RecordDecoder(topic, columns, registry), null, erased)
                : new TopicDecoder(
                        topic.topic(),
                        firstChannel,
                        new RecordDecoder(topic, member.columns(), registry),
                        member.rows(topic, columns),
                        erased);
    }

    /** Whether the records of a topic are its business. */
    boolean reads(String name) {
        return topic.equals(name);
    }

    /** @throws RegistryUnavailableException if nothing can be said of the record; it has to be read again */
    SourceRecord decode(ConsumerRecord<byte[], byte[]> from) {
        SourceRecord record = read(from);
        return !erased.isEmpty() && erased.cover(record.row()) ? record.erased() : record;
    }

    private SourceRecord read(ConsumerRecord<byte[], byte[]> from) {
        if (from instanceof KeptRecord record) {
            return kept(record, record.kept());
        }
        SourceRecord record =
                decoder.decode(from.partition(), from.offset(), from.timestamp(), from.key(), from.value());
        return rows == null ? record : ofUnion(record, rows, from);
    }

    /** A row of a union is one already. */
    private SourceRecord kept(KeptRecord from, KeptRow kept) {
        if (kept.rejected() != null) {
            return refused(from, kept, kept.rejected());
        }
        return rows == null
                ? decoder.kept(from.partition(), from.offset(), from.timestamp(), kept)
                : accepted(rows, kept.row(), from);
    }

    private SourceRecord refused(KeptRecord from, KeptRow kept, String why) {
        return new SourceRecord(
                firstChannel + from.partition(),
                from.offset(),
                from.timestamp(),
                kept.key(),
                kept.value(),
                kept.row().words(),
                kept.row().strings(),
                kept.row().nulls(),
                0,
                0,
                "",
                0,
                0,
                Arrays.stream(DeadLetterReason.values())
                        .filter(reason -> reason.name().equals(why))
                        .findFirst()
                        .orElse(DeadLetterReason.OTHER),
                "refused when it was read first: " + why,
                null);
    }

    private SourceRecord ofUnion(SourceRecord record, UnionRows union, ConsumerRecord<byte[], byte[]> from) {
        Row row = union.empty();
        if (record.reason() != null) {
            return refused(record, union, record.reason(), record.detail(), from);
        }
        String failure = union.fill(record.row(), row);
        if (failure != null) {
            return refused(record, union, DeadLetterReason.EXPRESSION_ERROR, "select: " + failure, from);
        }
        union.stamp(row, record.eventTime(), record.knownTime());
        return accepted(union, row, from);
    }

    /** @param row of the union, filled and stamped */
    private SourceRecord accepted(UnionRows union, Row row, ConsumerRecord<byte[], byte[]> from) {
        EventId id = union.id(row, topic, from.partition(), from.offset());
        return new SourceRecord(
                firstChannel + from.partition(),
                from.offset(),
                from.timestamp(),
                null,
                null,
                row.words(),
                row.strings(),
                row.nulls(),
                union.eventTime(row),
                union.knownTime(row),
                id.text(),
                id.high(),
                id.low(),
                null,
                "",
                null);
    }

    /** Kept whole, unless as much of it as could be read is an erased entity's. */
    private SourceRecord refused(
            SourceRecord record,
            UnionRows union,
            DeadLetterReason reason,
            String detail,
            ConsumerRecord<byte[], byte[]> from) {
        Row row = union.empty();
        SourceRecord refused = new SourceRecord(
                firstChannel + record.partition(),
                record.offset(),
                record.timestamp(),
                from.key(),
                from.value(),
                row.words(),
                row.strings(),
                row.nulls(),
                0,
                0,
                "",
                0,
                0,
                reason,
                detail,
                null);
        return !erased.isEmpty() && erased.cover(union.told(record.row())) ? refused.erased() : refused;
    }
}
