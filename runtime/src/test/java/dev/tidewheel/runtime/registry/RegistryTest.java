package dev.tidewheel.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RegistryTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @Test
    void followsWhatIsPublished() throws Exception {
        KAFKA.createOwnTopics();
        try (RegistryPublisher publisher = new RegistryPublisher(KAFKA.config(), DEADLINE)) {
            assertThat(publisher.publish(definition("a", "sha256:1"), Map.of())).isTrue();
            try (Registry registry = Registry.follow(KAFKA.config()).awaitLoaded(DEADLINE)) {
                assertThat(registry.snapshot()).containsOnlyKeys("FeatureView/a");
                assertThat(registry.position()).isEqualTo(1);
                assertThat(publisher.publish(definition("a", "sha256:1"), registry.snapshot()))
                        .isFalse();

                BlockingQueue<String> changes = new LinkedBlockingQueue<>();
                registry.listen((keys, after) -> changes.add(keys + " " + after.keySet()));
                assertThat(publisher.publish(definition("b", "sha256:2"), registry.snapshot()))
                        .isTrue();
                assertThat(changes.poll(60, TimeUnit.SECONDS))
                        .isEqualTo("[FeatureView/b] [FeatureView/a, FeatureView/b]");
                publisher.remove("FeatureView", "a");
                assertThat(changes.poll(60, TimeUnit.SECONDS)).isEqualTo("[FeatureView/a] [FeatureView/b]");
                assertThat(registry.find("FeatureView", "b")).contains(definition("b", "sha256:2"));
            }
            assertThat(publisher.append(definition("b", "sha256:2"))).isEqualTo(3);
            assertThat(RegistryLog.read(KAFKA.config(), DEADLINE))
                    .extracting(
                            RegistryLog.Entry::offset,
                            RegistryLog.Entry::key,
                            entry -> entry.definition().isPresent())
                    .containsExactly(
                            tuple(0L, "FeatureView/a", true),
                            tuple(1L, "FeatureView/b", true),
                            tuple(2L, "FeatureView/a", false),
                            tuple(3L, "FeatureView/b", true));
        }
    }

    private static Definition definition(String name, String hash) {
        return new Definition("FeatureView", name, hash, "{}", 1L, List.of(), 0L);
    }
}
