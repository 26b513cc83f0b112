package dev.tidewheel.workbench.erase;

import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Inference;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.TopicSettings;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.erase.ErasureScope.Keyed;
import dev.tidewheel.workbench.erase.TopicSearch.Found;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Removes an entity from the platform's topics as far as Kafka can: a dead letter by a tombstone under its key, where the
 * topic is compacted; of any other topic only what stands before some offset, with all that others have there. For one
 * thread.
 */
public final class TopicErasure {
    /** What may be cut: nobody computes from their beginning what is not in a table as well. */
    private static final Set<String> CUTTABLE =
            Set.of(Topics.INFERENCES, Topics.DEAD_LETTERS, Topics.METRICS, Topics.ALERTS);

    private final KafkaConfig kafka;
    private final TopicSettings settings;
    private final TopicSearch search;
    private final Duration deadline;

    /**
     * @param deadline for each answer of Kafka
     * @param patience for looking through one topic
     */
    public TopicErasure(KafkaConfig kafka, Duration deadline, Duration patience) {
        this.kafka = kafka;
        this.settings = new TopicSettings(kafka, deadline);
        this.search = new TopicSearch(kafka, deadline, patience);
        this.deadline = deadline;
    }

    /**
     * What the entity is known by.
     *
     * @param columns its key columns with their texts
     * @param keyed views whose keys name it
     * @param erased places of source topics whose records are erased: letters about them are the entity's
     * @param suspects whether dead letters go too that only mention it
     */
    public record Known(
            SortedMap<String, String> columns,
            List<Keyed> keyed,
            BiPredicate<TopicPartition, Long> erased,
            boolean suspects) {
        public Known {
            keyed = List.copyOf(keyed);
        }

        boolean isIn(DeadLetter letter) {
            return suspects
                    || erased.test(new TopicPartition(letter.getTopic(), letter.getPartition()), letter.getOffset())
                    || keyed.stream().anyMatch(view -> isKeyOf(view, letter));
        }

        private boolean isKeyOf(Keyed view, DeadLetter letter) {
            String key = letter.getEntityKey();
            if (key == null || !view.view().equals(letter.getView())) {
                return false;
            }
            List<String> values = EntityKeys.split(key);
            return values.size() == view.entity().size()
                    && columns.entrySet().stream()
                            .allMatch(column -> column.getValue()
                                    .equals(values.get(view.entity().indexOf(column.getKey()))));
        }

        /** A row that names other entities, of which one happens to have the same text, is not its. */
        boolean isIn(Inference inference) {
            List<String> names = inference.getEntityNames();
            return !names.containsAll(columns.keySet())
                    || columns.entrySet().stream()
                            .allMatch(column -> column.getValue()
                                    .equals(inference.getEntityKeys().get(names.indexOf(column.getKey()))));
        }
    }

    /**
     * What became of the topics.
     *
     * @param letters dead letters with a tombstone now
     * @param cut topics that were cut, with how many records went
     * @param found what still names the entity
     * @param retention by topic how long it keeps a record; empty where for ever
     */
    public record Outcome(long letters, Map<String, Long> cut, List<Found> found, Map<String, Duration> retention) {
        public Outcome {
            cut = Map.copyOf(cut);
            found = List.copyOf(found);
            retention = Map.copyOf(retention);
        }
    }

    /**
     * Looks through the topics, and removes what can be removed.
     *
     * @param cut topics of which everything up to the entity's last record is deleted
     * @throws WorkbenchException if one of them may not be cut
     */
    public Outcome erase(Known known, Set<String> cut) throws InterruptedException {
        requireCuttable(cut);
        Sorted sorted = new Sorted(known, settings.isCompacted(Topics.DEAD_LETTERS));
        List<Found> found =
                new ArrayList<>(search.search(new Mentions(known.columns().values()), sorted));
        sorted.mentioning().ifPresent(found::add);
        long letters = bury(sorted.theirs.values());
        Map<String, Long> went = new HashMap<>();
        List<Found> left = new ArrayList<>();
        Map<String, Duration> retention = new HashMap<>();
        for (Found one : found) {
            if (cut.contains(one.topic()) && !one.last().isEmpty()) {
                settings.deleteThrough(one.topic(), one.last());
                went.put(one.topic(), one.records() + one.others());
            } else {
                left.add(one);
            }
            settings.retention(one.topic()).ifPresent(life -> retention.put(one.topic(), life));
        }
        return new Outcome(letters, went, left, retention);
    }

    private static void requireCuttable(Set<String> cut) {
        for (String topic : cut) {
            if (!CUTTABLE.contains(topic)) {
                throw new WorkbenchException("topic " + topic + " is not one of those that may be cut: "
                        + CUTTABLE.stream().sorted().toList());
            }
        }
    }

    /** Writes records without a value under the keys of these, in their partitions; how many. */
    private long bury(Collection<ConsumerRecord<byte[], byte[]>> letters) throws InterruptedException {
        try (Producer<byte[], byte[]> producer = KafkaClients.bytesProducer(kafka, deadline)) {
            List<Future<RecordMetadata>> sent = letters.stream()
                    .map(letter ->
                            producer.send(new ProducerRecord<>(letter.topic(), letter.partition(), letter.key(), null)))
                    .toList();
            for (Future<RecordMetadata> one : sent) {
                one.get(2 * deadline.toMillis(), TimeUnit.MILLISECONDS);
            }
            return sent.size();
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaUnavailableException("a dead letter was not removed; erase again", e);
        }
    }

    /** Tells whose a record is. Of a compacted topic's letters it holds those of the entity until the end is read. */
    private static final class Sorted implements TopicSearch.Sink {
        private final Known known;
        private final boolean compacted;
        private final Map<String, ConsumerRecord<byte[], byte[]>> theirs = new LinkedHashMap<>();
        private final Map<String, ConsumerRecord<byte[], byte[]>> others = new LinkedHashMap<>();

        Sorted(Known known, boolean compacted) {
            this.known = known;
            this.compacted = compacted;
        }

        @Override
        public boolean take(ConsumerRecord<byte[], byte[]> at, SpecificRecord record) {
            if (record instanceof DeadLetter letter && compacted && at.key() != null) {
                (known.isIn(letter) ? theirs : others).put(key(at), at);
                return false;
            }
            return !(record instanceof Inference inference) || known.isIn(inference);
        }

        @Override
        public void removed(ConsumerRecord<byte[], byte[]> at) {
            if (at.topic().equals(Topics.DEAD_LETTERS) && at.key() != null) {
                theirs.remove(key(at));
                others.remove(key(at));
            }
        }

        /** Letters that only mention it. */
        Optional<Found> mentioning() {
            return others.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Found(
                            Topics.DEAD_LETTERS,
                            others.size(),
                            0,
                            Map.of(),
                            others.values().stream()
                                    .mapToLong(ConsumerRecord::timestamp)
                                    .max()
                                    .orElse(0),
                            true));
        }

        private static String key(ConsumerRecord<byte[], byte[]> at) {
            return at.partition() + "/" + new String(at.key(), StandardCharsets.UTF_8);
        }
    }
}
