package dev.tidewheel.jobs.retention;

import dev.tidewheel.runtime.config.KafkaConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Asks Kafka's admin interface. Retention by size shows in the oldest offsets, as it happens. */
public final class KafkaTopicLog implements TopicLog {
    private static final long serialVersionUID = 1L;
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final String bootstrap;
    private final HashMap<String, String> properties;
    private final String topic;

    public KafkaTopicLog(KafkaConfig kafka, String topic) {
        this.bootstrap = kafka.bootstrap();
        this.properties = new HashMap<>(kafka.properties());
        this.topic = topic;
    }

    @Override
    public Looker open() {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) DEADLINE.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DEADLINE.toMillis() / 2);
        return new AdminLooker(Admin.create(settings), topic);
    }

    private record AdminLooker(Admin admin, String topic) implements Looker {
        private static final Duration CLOSING = Duration.ofSeconds(1);

        @Override
        public Ends look(Collection<Integer> partitions) throws Exception {
            return new Ends(
                    offsets(partitions, OffsetSpec.earliest()), offsets(partitions, OffsetSpec.latest()), retention());
        }

        private Map<Integer, Long> offsets(Collection<Integer> partitions, OffsetSpec which) throws Exception {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            partitions.forEach(partition -> wanted.put(new TopicPartition(topic, partition), which));
            Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> found =
                    admin.listOffsets(wanted).all().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            Map<Integer, Long> offsets = new TreeMap<>();
            found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
            return offsets;
        }

        private long retention() throws Exception {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Map<ConfigResource, Config> found =
                    admin.describeConfigs(List.of(resource)).all().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            Config config = found.get(resource);
            ConfigEntry entry = config == null ? null : config.get(TopicConfig.RETENTION_MS_CONFIG);
            return entry == null ? -1 : Long.parseLong(entry.value());
        }

        @Override
        public void close() {
            admin.close(CLOSING);
        }
    }
}
