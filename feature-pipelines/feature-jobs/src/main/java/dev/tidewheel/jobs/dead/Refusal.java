package dev.tidewheel.jobs.dead;

import dev.tidewheel.records.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter inside the job: {@link dev.tidewheel.records.DeadLetter} without the topic, flat for Flink's
 * serialisers.
 *
 * @param partition its channel, see {@link dev.tidewheel.definitions.Channels}
 * @param offset in the partition
 * @param timestamp Kafka's, epoch milliseconds
 * @param stage where: {@code decode}, {@code route/<entity>} or {@code view}; with {@link #BEFORE} behind it, if the row
 *     before was refused, so that the two letters that a change event may give are two
 * @param view which view refused; null if the record never reached one
 * @param reason in one word
 * @param detail in one sentence
 * @param entityKey the canonical text of the key; null if there is none
 * @param eventTime null if unknown
 * @param knownTime null if unknown
 * @param key the record's key as it came; null once it has been decoded, the raw table has it then
 * @param value the record's value as it came; null once it has been decoded, the raw table has it then
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way to a topic, never compared.
public record Refusal(
        int partition,
        long offset,
        long timestamp,
        String stage,
        @Nullable String view,
        DeadLetterReason reason,
        String detail,
        @Nullable String entityKey,
        @Nullable Long eventTime,
        @Nullable Long knownTime,
        byte @Nullable [] key,
        byte @Nullable [] value) {
    /** Behind the stage's name. */
    public static final String BEFORE = "/before";
}
