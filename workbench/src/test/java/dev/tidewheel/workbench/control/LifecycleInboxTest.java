package dev.tidewheel.workbench.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.records.Trigger;
import dev.tidewheel.records.TriggerReason;
import dev.tidewheel.runtime.clock.ClockWriter;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.kafka.TopicCreator;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.broker.BrokerConfig;
import dev.tidewheel.workbench.broker.StoryBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleInboxTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long STORY = 981_331_200_000L;

    @Test
    void aPersonAsksAtTheStorysTime(@TempDir Path folder) throws Exception {
        BrokerConfig config = new BrokerConfig(
                folder.resolve("kafka"), "127.0.0.1", freePort(), freePort(), new OpsConfig("127.0.0.1", 0));
        KafkaConfig kafka = new KafkaConfig("127.0.0.1:" + config.port());
        try (StoryBroker broker = StoryBroker.start(config)) {
            assertThat(broker).isNotNull();
            new TopicCreator(kafka, DEADLINE).ensure(Topics.all());
            prepare(kafka);
            LifecycleInbox inbox = new LifecycleInbox(kafka);

            assertThat(inbox.modelOf("weekly")).isEqualTo("m");
            assertThat(inbox.onlyModel()).isEqualTo("m");
            assertThatThrownBy(() -> inbox.modelOf("daily"))
                    .isInstanceOf(WorkbenchException.class)
                    .hasMessageContaining("no Retraining 'daily'");
            inbox.trigger("manual/1", "m", Optional.of("weekly"), "I am curious");

            List<LifecycleEvent> events = new ArrayList<>();
            new TopicScan(kafka, DEADLINE).scan(Topics.LIFECYCLE_INBOX, LifecycleEvent.class, events::add);
            assertThat(events).hasSize(1);
            LifecycleEvent event = events.get(0);
            assertThat(event.getKind()).isEqualTo(LifecycleEventKind.TRIGGER);
            assertThat(event.getNow()).isEqualTo(STORY);
            assertThat(event.getTrigger())
                    .isEqualTo(Trigger.newBuilder()
                            .setReason(TriggerReason.MANUAL)
                            .setRetraining("weekly")
                            .setDetail("I am curious")
                            .build());
        }
    }

    private static void prepare(KafkaConfig kafka) throws InterruptedException {
        try (RegistryPublisher publisher = new RegistryPublisher(kafka, DEADLINE);
                ClockWriter clock = ClockWriter.open(kafka, "test", DEADLINE)) {
            publisher.publish(definition("Model", "m", "{}"), Map.of());
            publisher.publish(definition("Retraining", "weekly", "{\"spec\":{\"model\":\"m\"}}"), Map.of());
            clock.advanceTo(STORY);
        }
    }

    private static Definition definition(String kind, String name, String body) {
        return new Definition(kind, name, "sha256:" + name, body, 0L, List.of(), 1L);
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
