package dev.tidewheel.jobs.retention;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.runtime.config.KafkaConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    private final Channels channels;

    /** @param channels of the topics to ask for */
    public KafkaTopicLog(KafkaConfig kafka, Channels channels) {
        this.bootstrap = kafka.bootstrap();
        this.properties = new HashMap<>(kafka.properties());
        this.channels = channels;
    }

    @Override
    public Looker open() {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) DEADLINE.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DEADLINE.toMillis() / 2);
        return new AdminLooker(Admin.create(settings), channels);
    }

    private record AdminLooker(Admin admin, Channels channels) implements Looker {
        private static final Duration CLOSING = Duration.ofSeconds(1);

        @Override
        public Ends look(Collection<Integer> wanted) throws Exception {
            return new Ends(first(wanted), offsets(wanted, OffsetSpec.latest()), kept(wanted));
        }

        @Override
        public Map<Integer, Long> first(Collection<Integer> wanted) throws Exception {
            return offsets(wanted, OffsetSpec.earliest());
        }

        private Map<Integer, Long> offsets(Collection<Integer> wanted, OffsetSpec which) throws Exception {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            wanted.forEach(channel ->
                    asked.put(new TopicPartition(channels.topic(channel), channels.partition(channel)), which));
            Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> found =
                    admin.listOffsets(asked).all().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            Map<Integer, Long> offsets = new TreeMap<>();
            found.forEach((partition, info) ->
                    offsets.put(channels.channel(partition.topic(), partition.partition()), info.offset()));
            return offsets;
        }

        private Map<Integer, Long> kept(Collection<Integer> wanted) throws Exception {
            Map<String, ConfigResource> resources = wanted.stream()
                    .map(channels::topic)
                    .distinct()
                    .collect(Collectors.toMap(
                            Function.identity(), topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)));
            Map<ConfigResource, Config> found =
                    admin.describeConfigs(resources.values()).all().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            Map<Integer, Long> kept = new TreeMap<>();
            wanted.forEach(channel -> {
                Config config = found.get(resources.get(channels.topic(channel)));
                ConfigEntry entry = config == null ? null : config.get(TopicConfig.RETENTION_MS_CONFIG);
                kept.put(channel, entry == null ? -1 : Long.parseLong(entry.value()));
            });
            return kept;
        }

        @Override
        public void close() {
            admin.close(CLOSING);
        }
    }
}
