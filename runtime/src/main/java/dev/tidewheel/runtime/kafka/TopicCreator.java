package dev.tidewheel.runtime.kafka;

import dev.tidewheel.runtime.config.KafkaConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates topics that are missing and refuses those that exist with other partitions. */
public final class TopicCreator {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final KafkaConfig kafka;
    private final Duration deadline;

    public TopicCreator(KafkaConfig kafka, Duration deadline) {
        this.kafka = kafka;
        this.deadline = deadline;
    }

    /**
     * Returns when all topics exist and can be written to. Two processes may do this at once.
     *
     * @throws KafkaUnavailableException if Kafka did not confirm within the deadline
     * @throws IllegalStateException if a topic exists with another number of partitions
     */
    public void ensure(Collection<TopicSpec> topics) {
        try (Admin admin = Admin.create(KafkaClients.common(kafka, deadline))) {
            admin.createTopics(topics.stream().map(TopicCreator::newTopic).toList()).values().values().stream()
                    .forEach(this::confirm);
            Map<String, TopicDescription> existing =
                    describe(admin, topics.stream().map(TopicSpec::name).toList());
            topics.forEach(topic -> check(topic, Objects.requireNonNull(existing.get(topic.name()))));
            awaitLeaders(admin, existing.values());
        }
    }

    /**
     * Waits until every partition's leader serves. A producer that comes earlier may have its first batch refused and its
     * second accepted; the first is then out of order for ever, and the partition is lost to that producer.
     */
    private void awaitLeaders(Admin admin, Collection<TopicDescription> topics) {
        Map<TopicPartition, OffsetSpec> ends = topics.stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        get(admin.listOffsets(ends).all());
    }

    private static NewTopic newTopic(TopicSpec topic) {
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty()).configs(topic.config());
    }

    private void confirm(KafkaFuture<Void> creation) {
        try {
            get(creation);
        } catch (TopicExistsException e) {
            // What it looks like is checked afterwards.
        }
    }

    /** What the controller has confirmed takes a moment to reach the broker that is asked. */
    private Map<String, TopicDescription> describe(Admin admin, List<String> names) {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            try {
                return get(admin.describeTopics(names).allTopicNames());
            } catch (UnknownTopicOrPartitionException e) {
                if (System.nanoTime() > end) {
                    throw new KafkaUnavailableException("topics were created but cannot be seen: " + names, e);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static void check(TopicSpec wanted, TopicDescription found) {
        if (found.partitions().size() != wanted.partitions()) {
            throw new IllegalStateException("topic " + wanted.name() + " has "
                    + found.partitions().size() + " partitions, but " + wanted.partitions()
                    + " are needed: keys would change their partition; delete the topic or keep its number");
        }
    }

    private <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException exists) {
                throw exists;
            }
            if (e.getCause() instanceof UnknownTopicOrPartitionException unknown) {
                throw unknown;
            }
            throw new KafkaUnavailableException("cannot create topics at " + kafka.bootstrap(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaUnavailableException(
                    "no answer from Kafka at " + kafka.bootstrap() + " within " + deadline.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaUnavailableException("interrupted while waiting for Kafka", e);
        }
    }
}
