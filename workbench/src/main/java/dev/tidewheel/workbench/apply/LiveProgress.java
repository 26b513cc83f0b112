package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.Upstream;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.registry.ViewLineages;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The progress of jobs, from the topic of frontiers. What lineages have to reach is taken once, by the first
 * {@link #look}: the greatest offsets that any stage of their job contained then. So waiting ends, however fast the others
 * go on; and a lineage that has reached it contains all that readers could see when somebody began to wait. Of imports it
 * has to reach the end of those that it reads itself.
 *
 * <p>Of a changelog that is told anew, to another topic, that is a time: see {@link ChangelogProgress}.
 *
 * <p>Reads the newest {@value #TAIL} frontiers, and all of them only if those name no stage of a job that is asked for.
 * For one thread.
 */
public final class LiveProgress implements JobProgress, AutoCloseable {
    private static final int TAIL = 200_000;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final RecordSerde<Frontier> FRONTIERS = RecordSerde.of(Frontier.class);

    private final Duration deadline;
    private final Consumer<byte[], byte[]> consumer;
    private final StageFrontiers stages = new StageFrontiers();
    private final Map<String, Map<TopicPartition, Long>> targets = new HashMap<>();
    private final ChangelogProgress changelogs;

    private LiveProgress(KafkaConfig kafka, Duration deadline) {
        this.deadline = deadline;
        this.consumer = KafkaClients.bytesConsumer(kafka, deadline);
        this.changelogs = new ChangelogProgress(kafka, deadline);
    }

    /**
     * Opens and takes the first look.
     *
     * @param sources whose jobs will be asked for
     * @param deadline within which Kafka must answer
     * @throws KafkaUnavailableException if it does not
     */
    public static LiveProgress open(KafkaConfig kafka, List<String> sources, Duration deadline) {
        LiveProgress progress = new LiveProgress(kafka, deadline);
        try {
            progress.begin(sources);
            return progress;
        } catch (KafkaException e) {
            progress.close();
            throw new KafkaUnavailableException("the frontiers cannot be read from " + kafka.bootstrap(), e);
        } catch (RuntimeException e) {
            progress.close();
            throw e;
        }
    }

    private void begin(List<String> sources) {
        List<TopicPartition> partitions = partitions(Topics.FRONTIERS);
        consumer.assign(partitions);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        consumer.endOffsets(partitions)
                .forEach((partition, end) ->
                        consumer.seek(partition, Math.max(first.getOrDefault(partition, 0L), end - TAIL)));
        look();
        if (!sources.stream().allMatch(stages::hasRun)) {
            // Seen again in their order, the newest attempts win as before.
            consumer.seekToBeginning(partitions);
            look();
        }
        sources.forEach(source -> targets.put(source, stages.greatest(source)));
        targets.values().stream()
                .flatMap(target -> target.entrySet().stream())
                .filter(target -> target.getKey().topic().startsWith(Upstream.TOPICS))
                .forEach(target -> changelogs.begin(target.getKey(), target.getValue()));
    }

    private List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** Takes in all frontiers that are there now. */
    public void look() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        long last = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                stages.accept(FRONTIERS.decode(record.value()));
                last = System.nanoTime();
            }
            if (System.nanoTime() - last > deadline.toNanos()) {
                throw new KafkaUnavailableException(
                        "no frontier came for " + deadline + " before the topic's end " + ends, null);
            }
        }
    }

    /** How far the stages have come. */
    public StageFrontiers stages() {
        return stages;
    }

    @Override
    public boolean hasRun(String source) {
        return stages.hasRun(source);
    }

    @Override
    public Optional<String> behind(String source, String view, long lineage) {
        String id = ViewLineages.id(view, lineage);
        Optional<String> stage = stages.stageOf(source, id);
        if (stage.isEmpty()) {
            return Optional.of("is not computed yet: stop the job of source " + source
                    + " with a savepoint and start it again from there");
        }
        Map<TopicPartition, Long> cut = stages.cut(source, stage.get());
        Map<TopicPartition, Long> target = new HashMap<>(targets.getOrDefault(source, Map.of()));
        target.putAll(stages.imports(source, stage.get()));
        Set<String> read = cut.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        Set<String> unread = target.keySet().stream()
                .map(TopicPartition::topic)
                .filter(topic -> topic.startsWith(Upstream.TOPICS))
                .filter(topic -> !read.isEmpty() && !read.contains(topic))
                .collect(Collectors.toSet());
        return missing(target, cut, unread)
                .map(missing -> "is " + missing + " records behind the other stages of source " + source)
                .or(() -> unread.isEmpty() ? Optional.empty() : changelogs.behind(read, unread, cut));
    }

    /** How many records before a target are not in a cut; empty if all are. */
    static Optional<Long> missing(Map<TopicPartition, Long> target, Map<TopicPartition, Long> cut, Set<String> except) {
        long missing = target.entrySet().stream()
                .filter(wanted -> !except.contains(wanted.getKey().topic()))
                .mapToLong(wanted -> Math.max(0, wanted.getValue() - cut.getOrDefault(wanted.getKey(), 0L)))
                .sum();
        return missing == 0 ? Optional.empty() : Optional.of(missing);
    }

    @Override
    public Extent extent(String topic) {
        List<TopicPartition> partitions = partitions(topic);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        long ends = sum(consumer.endOffsets(partitions));
        long lost = sum(first);
        return new Extent(ends - lost, lost);
    }

    private static long sum(Map<TopicPartition, Long> offsets) {
        return offsets.values().stream().collect(Collectors.summingLong(Long::longValue));
    }

    @Override
    public void close() {
        changelogs.close();
        consumer.close();
    }
}
