package dev.tidewheel.lifecycle.streams;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.kafka.DeadLetterKey;
import dev.tidewheel.runtime.kafka.DeadLetters;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Dead letters from within a topology: they go out in the transaction that commits the position behind the record, so
 * there is exactly one for each.
 */
final class Letters {
    private Letters() {}

    /** A letter for a record that cannot be read or used, to be forwarded to the sink of letters. */
    static Record<String, DeadLetter> about(
            Record<byte[], byte[]> record, RecordMetadata place, String stage, DeadLetterReason reason, String why) {
        ConsumerRecord<byte[], byte[]> came = new ConsumerRecord<>(
                place.topic(),
                place.partition(),
                place.offset(),
                record.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                record.key(),
                record.value(),
                new RecordHeaders(),
                Optional.empty());
        DeadLetter letter = DeadLetters.letter(came, stage, reason, why);
        return new Record<>(DeadLetterKey.of(letter), letter, record.timestamp());
    }
}
