package dev.tidewheel.runtime.kafka;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.config.KafkaConfig;
import io.prometheus.metrics.core.metrics.Counter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sends records that could not be used to {@code tidewheel.dead-letters}, with the reason. Call {@link #flush} before the
 * position behind the records is committed, and each is delivered at least once. Safe for use by many threads.
 */
public final class DeadLetters implements AutoCloseable {
    /** Of a value; larger ones are left out of the letter, whose topic could not take them. */
    private static final int MAX_BYTES = 900_000;

    private static final int MAX_DETAIL = 2_000;

    private static final Counter SENT = Counter.builder()
            .name("tidewheel_dead_letters_total")
            .help("Records that could not be used and went to the dead letters")
            .labelNames("topic", "stage", "reason")
            .register();

    private final Producer<String, DeadLetter> producer;
    private final Duration deadline;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    public DeadLetters(KafkaConfig kafka, Duration deadline) {
        this.deadline = deadline;
        producer = KafkaClients.producer(kafka, deadline, RecordSerde.of(DeadLetter.class));
    }

    /** A letter for a record as it came from Kafka. */
    public static DeadLetter letter(
            ConsumerRecord<byte[], byte[]> record, String stage, DeadLetterReason reason, String detail) {
        return DeadLetter.newBuilder()
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setTimestamp(record.timestamp())
                .setStage(stage)
                .setReason(reason)
                .setDetail(shorten(detail))
                .setKey(bytes(record.key()))
                .setValue(bytes(record.value()))
                .build();
    }

    /** Hands a letter over; {@link #flush} tells whether it arrived. */
    @SuppressWarnings("FutureReturnValueIgnored") // The callback sees how it ends.
    public void send(DeadLetter letter) {
        producer.send(
                new ProducerRecord<>(Topics.DEAD_LETTERS, DeadLetterKey.of(letter), letter), (metadata, exception) -> {
                    if (exception == null) {
                        SENT.labelValues(
                                        letter.getTopic(),
                                        letter.getStage(),
                                        letter.getReason().name())
                                .inc();
                    } else {
                        failure.compareAndSet(null, exception);
                    }
                });
    }

    /**
     * Waits until all letters have arrived.
     *
     * @throws KafkaUnavailableException if one of them did not; the records must be handled again
     */
    public void flush() {
        producer.flush();
        Exception failed = failure.getAndSet(null);
        if (failed != null) {
            throw new KafkaUnavailableException("a dead letter was not delivered", failed);
        }
    }

    @Override
    public void close() {
        producer.close(deadline);
    }

    private static String shorten(String detail) {
        return detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL) + "…";
    }

    private static @Nullable ByteBuffer bytes(byte @Nullable [] bytes) {
        return bytes == null || bytes.length > MAX_BYTES ? null : ByteBuffer.wrap(bytes);
    }
}
