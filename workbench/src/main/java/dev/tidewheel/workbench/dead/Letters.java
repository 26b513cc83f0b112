package dev.tidewheel.workbench.dead;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterMark;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.DeadLetterKey;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads dead letters as they stand now, each once however often it was delivered. Holds no letters, only eight bytes for
 * each that it has seen. For one thread.
 */
public final class Letters {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final RecordSerde<DeadLetter> LETTERS = RecordSerde.of(DeadLetter.class);

    private final KafkaConfig kafka;
    private final Duration deadline;

    /** @param deadline within which Kafka must answer, and a reading must come forward */
    public Letters(KafkaConfig kafka, Duration deadline) {
        this.kafka = kafka;
        this.deadline = deadline;
    }

    /** Takes letters, one after the other. */
    @FunctionalInterface
    public interface Visitor {
        /** @param writtenAt when it was refused, epoch milliseconds */
        void visit(DeadLetter letter, long writtenAt) throws InterruptedException;
    }

    /** Where the record stood: {@code topic/partition/offset}. */
    public static String position(DeadLetter letter) {
        return letter.getTopic() + "/" + letter.getPartition() + "/" + letter.getOffset();
    }

    /** What makes a letter this one; the key of its mark. */
    public static String identity(DeadLetter letter) {
        return DeadLetterKey.of(letter);
    }

    /** The same of a mark. */
    static String identity(DeadLetterMark mark) {
        return mark.getTopic() + "/" + mark.getPartition() + "/" + mark.getOffset() + "/" + mark.getStage() + "/"
                + (mark.getView() == null ? "" : mark.getView());
    }

    /**
     * Shows the letters that are meant.
     *
     * @return how many letters were looked at
     * @throws KafkaUnavailableException if Kafka does not answer; what was shown until then is incomplete
     */
    public long visit(LetterFilter filter, Visitor visitor) throws InterruptedException {
        Fingerprints marked = filter.handled() ? new Fingerprints() : marked();
        Fingerprints seen = new Fingerprints();
        long[] looked = {0};
        scan(Topics.DEAD_LETTERS, filter.since(), record -> {
            DeadLetter letter = LETTERS.decode(record.value());
            looked[0]++;
            if (filter.matches(letter)) {
                String identity = identity(letter);
                if (seen.add(identity) && !marked.contains(identity)) {
                    visitor.visit(letter, record.timestamp());
                }
            }
        });
        return looked[0];
    }

    /** The keys of all marks. A tombstone would open a letter again; nobody writes any. */
    private Fingerprints marked() throws InterruptedException {
        Fingerprints marked = new Fingerprints();
        scan(
                Topics.DEAD_LETTER_MARKS,
                Optional.empty(),
                record -> marked.add(new String(record.key(), StandardCharsets.UTF_8)));
        return marked;
    }

    /** The marks of one record's letters, by {@link #identity}. */
    public Map<String, DeadLetterMark> marksOf(String position) throws InterruptedException {
        RecordSerde<DeadLetterMark> serde = RecordSerde.of(DeadLetterMark.class);
        Map<String, DeadLetterMark> marks = new HashMap<>();
        scan(Topics.DEAD_LETTER_MARKS, Optional.empty(), record -> {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (key.startsWith(position + "/")) {
                marks.put(key, serde.decode(record.value()));
            }
        });
        return marks;
    }

    @FunctionalInterface
    private interface RecordVisitor {
        void visit(ConsumerRecord<byte[], byte[]> record) throws InterruptedException;
    }

    private void scan(String topic, Optional<Instant> since, RecordVisitor visitor) throws InterruptedException {
        try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(kafka, deadline)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            seek(consumer, partitions, since, ends);
            long last = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    last = System.nanoTime();
                    if (record.value() != null) {
                        visitor.visit(record);
                    }
                }
                if (System.nanoTime() - last > deadline.toNanos()) {
                    throw new KafkaUnavailableException(
                            "nothing came from " + topic + " for " + deadline + " before its end " + ends, null);
                }
            }
        } catch (KafkaException e) {
            throw new KafkaUnavailableException("topic " + topic + " cannot be read from " + kafka.bootstrap(), e);
        }
    }

    private static void seek(
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            Optional<Instant> since,
            Map<TopicPartition, Long> ends) {
        if (since.isEmpty()) {
            consumer.seekToBeginning(partitions);
            return;
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, since.get().toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            consumer.seek(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
        }
    }
}
