package dev.tidewheel.workbench.erase;

import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.history.care.EntitySegments;
import dev.tidewheel.history.care.InferenceKeys;
import dev.tidewheel.history.care.InferenceKeys.Whose;
import dev.tidewheel.records.Alert;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.MetricRow;
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
import java.util.TreeMap;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes an entity from the platform's topics as far as Kafka can: a dead letter by a tombstone under its key, where the
 * topic is compacted; of any other topic only what stands before some offset, with all that others have there. For one
 * thread.
 */
public final class TopicErasure {
    /**
     * What may be cut. Nobody computes features or monitors from what was read of them; but parity, explanations and the
     * served latency are only told of requests that are still logged.
     */
    private static final Set<String> CUTTABLE =
            Set.of(Topics.INFERENCES, Topics.DEAD_LETTERS, Topics.METRICS, Topics.ALERTS);

    private static final Logger LOG = LoggerFactory.getLogger(TopicErasure.class);

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
     * @param suspects whether dead letters go too that only mention it, and segments that may be the entity's count as its
     */
    public record Known(
            SortedMap<String, String> columns,
            List<Keyed> keyed,
            BiPredicate<TopicPartition, Long> erased,
            boolean suspects) {
        public Known {
            keyed = List.copyOf(keyed);
        }

        /** @param mentioned whether its texts stand in the letter */
        Whose whose(DeadLetter letter, boolean mentioned) {
            boolean theirs =
                    erased.test(new TopicPartition(letter.getTopic(), letter.getPartition()), letter.getOffset())
                            || keyed.stream().anyMatch(view -> isKeyOf(view, letter));
            return theirs || mentioned && suspects ? Whose.THEIRS : mentioned ? Whose.PERHAPS : Whose.OTHERS;
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

        /** @param segment such as {@code origin=ORD}: of one column */
        Whose whoseSegment(String segment) {
            Whose whose = new EntitySegments(columns).whose(segment);
            return suspects && whose == Whose.PERHAPS ? Whose.THEIRS : whose;
        }

        Whose whose(Inference row) {
            return new InferenceKeys(columns)
                    .whose(row.getEntityNames(), row.getEntityKeys(), row.getStrings(), row.getError());
        }
    }

    /**
     * What became of the topics.
     *
     * @param letters dead letters with a tombstone now
     * @param cut topics that were cut, with how many records went
     * @param found what still names the entity
     * @param retention by topic how long it keeps a record; empty where for ever
     * @param refused by topic why something that was wanted was not done
     */
    public record Outcome(
            long letters,
            Map<String, Long> cut,
            List<Found> found,
            Map<String, Duration> retention,
            Map<String, String> refused) {
        public Outcome {
            cut = Map.copyOf(cut);
            found = List.copyOf(found);
            retention = Map.copyOf(retention);
            refused = new TreeMap<>(refused);
        }
    }

    /**
     * Looks through the topics, and removes what can be removed.
     *
     * @param cut topics of which everything up to the entity's last record is deleted
     * @param monitored how far the monitoring job has the log of inferences in its table, by partition; empty if there is no
     *     such job
     * @throws WorkbenchException if one of them may not be cut
     */
    public Outcome erase(Known known, Set<String> cut, Optional<Map<Integer, Long>> monitored)
            throws InterruptedException {
        requireCuttable(cut);
        boolean compacted = settings.exists(Topics.DEAD_LETTERS) && settings.isCompacted(Topics.DEAD_LETTERS);
        Sorted sorted = new Sorted(known, compacted);
        List<Found> found = new ArrayList<>(search.search(sorted));
        sorted.mentioning().ifPresent(found::add);
        Map<String, String> refused = new TreeMap<>();
        long letters = bury(sorted.theirs.values(), refused);
        Map<String, Long> went = new HashMap<>();
        List<Found> left = new ArrayList<>();
        Map<String, Duration> retention = new HashMap<>();
        for (Found one : found) {
            if (cut.contains(one.topic()) && one.records() > 0 && isCut(one, monitored, refused)) {
                went.put(one.topic(), one.records() + one.others());
                left.add(rest(one));
            } else {
                left.add(one);
            }
            settings.retention(one.topic()).ifPresent(life -> retention.put(one.topic(), life));
        }
        return new Outcome(letters, went, left, retention, refused);
    }

    /** What the cut leaves: how much of it stood before, nobody counted. */
    private static Found rest(Found one) {
        return new Found(one.topic(), 0, 0, Map.of(), one.perhaps(), one.unreadable(), one.newest(), one.whole());
    }

    private boolean isCut(Found one, Optional<Map<Integer, Long>> monitored, Map<String, String> refused) {
        Optional<String> reason = whyNotCut(one, monitored);
        if (reason.isPresent()) {
            refused.put(one.topic(), reason.get());
            return false;
        }
        try {
            settings.deleteThrough(one.topic(), one.last());
            return true;
        } catch (KafkaUnavailableException e) {
            LOG.warn("{} was not cut", one.topic(), e);
            refused.put(one.topic(), "it was not cut: " + e.getMessage());
            return false;
        }
    }

    /** Empty if a topic may be cut through the last record that was found. */
    static Optional<String> whyNotCut(Found one, Optional<Map<Integer, Long>> monitored) {
        if (!one.whole()) {
            // What was not seen may be of the entity too: cut now, the topic would look as if it were done.
            return Optional.of("it is cut once it was looked through to its end");
        }
        if (one.topic().equals(Topics.INFERENCES) && !isMonitored(one.last(), monitored)) {
            return Optional.of(
                    "it is cut once monitoring.inferences has all that goes, or the monitoring job would never see it:"
                            + " name the tables with --warehouse and --catalog, start the job, and say this again");
        }
        return Optional.empty();
    }

    private static boolean isMonitored(Map<Integer, Long> last, Optional<Map<Integer, Long>> monitored) {
        return monitored.isEmpty()
                || last.entrySet().stream()
                        .allMatch(each -> each.getValue() < monitored.get().getOrDefault(each.getKey(), 0L));
    }

    /** @throws WorkbenchException if one of these may not be cut */
    public static void requireCuttable(Set<String> cut) {
        for (String topic : cut) {
            if (!CUTTABLE.contains(topic)) {
                throw new WorkbenchException("topic " + topic + " is not one of those that may be cut: "
                        + CUTTABLE.stream().sorted().toList());
            }
        }
    }

    /** Writes records without a value under the keys of these, in their partitions; how many. */
    private long bury(Collection<Letter> letters, Map<String, String> refused) throws InterruptedException {
        if (letters.isEmpty()) {
            return 0;
        }
        long buried = 0;
        try (Producer<byte[], byte[]> producer = KafkaClients.bytesProducer(kafka, deadline)) {
            List<Future<RecordMetadata>> sent = letters.stream()
                    .map(letter -> producer.send(
                            new ProducerRecord<>(Topics.DEAD_LETTERS, letter.partition(), letter.key(), null)))
                    .toList();
            for (Future<RecordMetadata> one : sent) {
                one.get(2 * deadline.toMillis(), TimeUnit.MILLISECONDS);
                buried++;
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn("a dead letter was not removed", e);
            refused.put(Topics.DEAD_LETTERS, "letters were not removed, erase again: " + e.getMessage());
        }
        return buried;
    }

    /**
     * All that is held of a dead letter: there may be many.
     *
     * @param timestamp epoch milliseconds
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    private record Letter(int partition, byte[] key, long timestamp) {}

    /** Tells whose a record is. Of a compacted topic's letters it holds those of the entity until the end is read. */
    private static final class Sorted implements TopicSearch.Sink {
        private final Known known;
        private final Mentions mentions;
        private final boolean compacted;
        private final Map<String, Letter> theirs = new LinkedHashMap<>();
        private final Map<String, Letter> others = new LinkedHashMap<>();

        Sorted(Known known, boolean compacted) {
            this.known = known;
            this.mentions = new Mentions(known.columns().values());
            this.compacted = compacted;
        }

        @Override
        public Whose take(ConsumerRecord<byte[], byte[]> at, SpecificRecord record) {
            if (record instanceof Inference inference) {
                return known.whose(inference);
            }
            if (record instanceof MetricRow row) {
                return known.whoseSegment(row.getSegment());
            }
            if (record instanceof Alert alert) {
                return known.whoseSegment(alert.getSegment());
            }
            boolean mentioned = mentions.in(record);
            if (record instanceof DeadLetter letter) {
                return take(at, known.whose(letter, mentioned));
            }
            return mentioned ? Whose.PERHAPS : Whose.OTHERS;
        }

        private Whose take(ConsumerRecord<byte[], byte[]> at, Whose whose) {
            if (!compacted || at.key() == null || whose == Whose.OTHERS) {
                return whose;
            }
            (whose == Whose.THEIRS ? theirs : others)
                    .put(key(at), new Letter(at.partition(), at.key(), at.timestamp()));
            return Whose.OTHERS;
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
                            0,
                            0,
                            Map.of(),
                            others.size(),
                            0,
                            others.values().stream()
                                    .mapToLong(Letter::timestamp)
                                    .max()
                                    .orElse(0),
                            true));
        }

        private static String key(ConsumerRecord<byte[], byte[]> at) {
            return at.partition() + "/" + new String(at.key(), StandardCharsets.UTF_8);
        }
    }
}
