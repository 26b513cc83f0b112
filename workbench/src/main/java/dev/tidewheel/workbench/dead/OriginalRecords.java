package dev.tidewheel.workbench.dead;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Finds the record of a letter as it came: in the topic, which has it whole, with its headers; else, if the topic has
 * deleted it, in the raw table, which keeps the bytes of records that could not be decoded; else in the letter itself,
 * where it was not cut. For one thread.
 */
public final class OriginalRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    /** A letter carries at most so much of a key or a value; one that carries as much may have been cut. */
    private static final int CUT_AT = 64 * 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final Duration deadline;
    private final RawBytes raw;

    /**
     * @param raw where topics end
     * @param deadline for finding one record
     */
    public OriginalRecords(KafkaConfig kafka, RawBytes raw, Duration deadline) {
        this.consumer = KafkaClients.bytesConsumer(kafka, deadline);
        this.raw = raw;
        this.deadline = deadline;
    }

    /** A record as it came. */
    @SuppressWarnings("ArrayRecordComponent") // On its way to a topic, never compared.
    public record Original(byte @Nullable [] key, byte[] value, List<Header> headers) {}

    /** What the raw table has of a refused record; its own key and value. */
    @FunctionalInterface
    public interface RawBytes {
        /** No raw table is at hand. */
        RawBytes NONE = (topic, partition, offset) -> Optional.empty();

        Optional<Original> find(String topic, int partition, long offset);
    }

    /**
     * Finds a letter's record.
     *
     * @return empty if nobody has it whole any more, or it never had a value
     */
    public Optional<Original> find(DeadLetter letter) {
        try {
            return inTopic(new TopicPartition(letter.getTopic(), letter.getPartition()), letter.getOffset())
                    .or(() -> raw.find(letter.getTopic(), letter.getPartition(), letter.getOffset()))
                    .or(() -> inLetter(letter));
        } catch (KafkaException e) {
            throw new KafkaUnavailableException(Letters.position(letter) + " cannot be read", e);
        }
    }

    private Optional<Original> inTopic(TopicPartition partition, long offset) {
        if (consumer.partitionsFor(partition.topic()).stream()
                .noneMatch(info -> info.partition() == partition.partition())) {
            return Optional.empty();
        }
        List<TopicPartition> one = List.of(partition);
        consumer.assign(one);
        if (consumer.beginningOffsets(one).getOrDefault(partition, 0L) > offset
                || consumer.endOffsets(one).getOrDefault(partition, 0L) <= offset) {
            return Optional.empty();
        }
        consumer.seek(partition, offset);
        long until = System.nanoTime() + deadline.toNanos();
        while (System.nanoTime() - until < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                return record.offset() == offset && record.value() != null
                        ? Optional.of(new Original(
                                record.key(),
                                record.value(),
                                List.of(record.headers().toArray())))
                        : Optional.empty();
            }
        }
        throw new KafkaUnavailableException("nothing came from " + partition + " at " + offset, null);
    }

    private static Optional<Original> inLetter(DeadLetter letter) {
        byte[] key = bytes(letter.getKey());
        byte[] value = bytes(letter.getValue());
        return value == null || value.length >= CUT_AT || (key != null && key.length >= CUT_AT)
                ? Optional.empty()
                : Optional.of(new Original(key, value, List.of()));
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
