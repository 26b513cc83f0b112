package dev.tidewheel.jobs.log;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.common.TopicPartition;

/** All partitions of topics, as Kafka has them, and some that it has not: the imports. */
final class TopicsAndImports implements KafkaSubscriber {
    private static final long serialVersionUID = 1L;

    private final KafkaSubscriber topics;
    private final HashSet<TopicPartition> imports;

    TopicsAndImports(List<String> topics, Set<TopicPartition> imports) {
        this.topics = KafkaSubscriber.getTopicListSubscriber(topics);
        this.imports = new HashSet<>(imports);
    }

    @Override
    public Set<TopicPartition> getSubscribedTopicPartitions(AdminClient admin) {
        Set<TopicPartition> all = new HashSet<>(topics.getSubscribedTopicPartitions(admin));
        all.addAll(imports);
        return all;
    }
}
