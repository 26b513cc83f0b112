package dev.tidewheel.workbench.erase;

import dev.tidewheel.history.care.InferenceKeys.Whose;
import dev.tidewheel.records.Alert;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Looks for an entity in the topics of the platform that may name it, as they are now. For one thread. */
public final class TopicSearch {
    private static final Duration POLL = Duration.ofMillis(200);

    /** What may name an entity: in its keys, its columns, its bytes, or as the value of a segment. */
    private static final Map<String, RecordSerde<? extends SpecificRecord>> NAMING = new TreeMap<>(Map.of(
            Topics.INFERENCES, RecordSerde.of(Inference.class),
            Topics.LABELS, RecordSerde.of(Label.class),
            Topics.DEAD_LETTERS, RecordSerde.of(DeadLetter.class),
            Topics.METRICS, RecordSerde.of(MetricRow.class),
            Topics.ALERTS, RecordSerde.of(Alert.class),
            Topics.LIFECYCLE_INBOX, RecordSerde.of(LifecycleEvent.class),
            Topics.LIFECYCLE, RecordSerde.of(LifecycleDecision.class)));

    private final KafkaConfig kafka;
    private final Duration deadline;
    private final Duration patience;

    /**
     * @param deadline for each answer of Kafka
     * @param patience for looking through one topic
     */
    public TopicSearch(KafkaConfig kafka, Duration deadline, Duration patience) {
        this.kafka = kafka;
        this.deadline = deadline;
        this.patience = patience;
    }

    /** Takes records, tells whose they are. */
    interface Sink {
        /** @return whose it is; of others it is too if the sink counts it itself */
        Whose take(ConsumerRecord<byte[], byte[]> at, SpecificRecord record);

        /** Of a record without a value: it removes what has its key and stands before it. */
        void removed(ConsumerRecord<byte[], byte[]> at);
    }

    /**
     * What was found in a topic.
     *
     * @param records that name the entity
     * @param others records that stand before the last of these, in its partition
     * @param last partition to the offset of its last such record
     * @param perhaps records that do not say whose they are, and mention it
     * @param unreadable records that nothing can be said of: of a later version, or damaged
     * @param newest the greatest timestamp of all these, epoch milliseconds
     * @param whole whether it was looked through to its end
     */
    public record Found(
            String topic,
            long records,
            long others,
            Map<Integer, Long> last,
            long perhaps,
            long unreadable,
            long newest,
            boolean whole) {
        public Found {
            last = new TreeMap<>(last);
        }
    }

    /**
     * Looks through all topics that are there.
     *
     * @param sink decides
     * @throws KafkaUnavailableException if Kafka does not answer
     */
    List<Found> search(Sink sink) {
        List<Found> all = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(kafka, deadline)) {
            Map<String, ?> existing = consumer.listTopics();
            for (Map.Entry<String, RecordSerde<? extends SpecificRecord>> topic : NAMING.entrySet()) {
                if (existing.containsKey(topic.getKey())) {
                    all.add(search(consumer, topic.getKey(), topic.getValue(), sink));
                }
            }
            return all;
        } catch (KafkaException e) {
            throw new KafkaUnavailableException("the topics cannot be looked through at " + kafka.bootstrap(), e);
        }
    }

    private Found search(
            Consumer<byte[], byte[]> consumer, String topic, RecordSerde<? extends SpecificRecord> serde, Sink sink) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Tally tally = new Tally(topic);
        long until = System.nanoTime() + patience.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > until) {
                return tally.found(false);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                look(record, serde, sink, tally);
            }
        }
        return tally.found(true);
    }

    private static void look(
            ConsumerRecord<byte[], byte[]> record,
            RecordSerde<? extends SpecificRecord> serde,
            Sink sink,
            Tally tally) {
        tally.see(record);
        if (record.value() == null) {
            sink.removed(record);
            return;
        }
        SpecificRecord decoded;
        try {
            decoded = serde.decode(record.value());
        } catch (UnreadableRecordException e) {
            tally.unreadable(record);
            return;
        }
        switch (sink.take(record, decoded)) {
            case THEIRS -> tally.theirs(record);
            case PERHAPS -> tally.perhaps(record);
            case OTHERS -> {}
        }
    }

    /** Counts. */
    private static final class Tally {
        private final String topic;
        private final Map<Integer, Long> seen = new TreeMap<>();
        private final Map<Integer, Long> last = new TreeMap<>();
        private final Map<Integer, Long> before = new TreeMap<>();
        private long records;
        private long perhaps;
        private long unreadable;
        private long newest = Long.MIN_VALUE;

        Tally(String topic) {
            this.topic = topic;
        }

        void see(ConsumerRecord<byte[], byte[]> record) {
            seen.merge(record.partition(), 1L, Long::sum);
        }

        void theirs(ConsumerRecord<byte[], byte[]> record) {
            records++;
            last.put(record.partition(), record.offset());
            before.put(record.partition(), seen.getOrDefault(record.partition(), 0L));
            newest = Math.max(newest, record.timestamp());
        }

        void perhaps(ConsumerRecord<byte[], byte[]> record) {
            perhaps++;
            newest = Math.max(newest, record.timestamp());
        }

        void unreadable(ConsumerRecord<byte[], byte[]> record) {
            unreadable++;
            newest = Math.max(newest, record.timestamp());
        }

        Found found(boolean whole) {
            long upToLast = before.values().stream().mapToLong(Long::longValue).sum();
            return new Found(topic, records, upToLast - records, last, perhaps, unreadable, newest, whole);
        }
    }
}
