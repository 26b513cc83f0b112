package dev.tidewheel.workbench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.records.DecisionOutcome;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicCreator;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.broker.BrokerConfig;
import dev.tidewheel.workbench.broker.StoryBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real broker; monitoring and lifecycle are played by the test, one step at a time. */
class ControlWaitTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String GROUP = "lifecycle";
    private static final String MODEL = "m";
    private static final long NOW = 1_000;

    @TempDir
    private Path folder;

    private StoryBroker broker;
    private KafkaConfig kafka;
    private Producer<String, byte[]> producer;

    @BeforeEach
    void start() throws Exception {
        BrokerConfig config = new BrokerConfig(
                folder.resolve("kafka"), "127.0.0.1", freePort(), freePort(), new OpsConfig("127.0.0.1", 0));
        kafka = new KafkaConfig("127.0.0.1:" + config.port());
        broker = StoryBroker.start(config);
        new TopicCreator(kafka, DEADLINE).ensure(Topics.all());
        producer = KafkaClients.producer(kafka, DEADLINE, new ByteArraySerializer());
    }

    @AfterEach
    void stop() throws Exception {
        producer.close();
        broker.close();
    }

    @Test
    void waitsForMonitoringThenForTheLifecycleThenUntilItHasSettled() throws Exception {
        send(Topics.LABELS, "a label");
        send(Topics.CLOCK, "a tick");
        try (ControlWait wait = wait(DEADLINE)) {
            CompletableFuture<Void> settled = CompletableFuture.runAsync(() -> await(wait));
            RecordMetadata alert = send(Topics.ALERTS, "an alert");
            monitored(Map.of(Topics.LABELS, 1L, Topics.CLOCK, 1L));
            forwarded(alert);
            ConsumerRecord<byte[], byte[]> tick = nextEvent();
            assertThat(event(tick).getId()).isEqualTo("tick/m/" + NOW);
            assertThat(event(tick).getNow()).isEqualTo(NOW);

            decide(tick, false);
            RecordMetadata later = sendEvent("observation/training/x");
            decide(later, "observation/training/x", true);

            settled.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** A fetch that waits for records must not hold up the question whether there are any. */
    @Test
    void doesNotWaitForRecordsThatNobodySends() throws Exception {
        kafka = new KafkaConfig(kafka.bootstrap(), Map.of("fetch.max.wait.ms", "600000"));
        monitored(Map.of());
        try (ControlWait wait = wait(DEADLINE)) {
            CompletableFuture<Void> settled = CompletableFuture.runAsync(() -> await(wait));
            decide(nextEvent(), true);

            settled.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void doesNotWaitForWhatIsNoEvent() throws Exception {
        monitored(Map.of());
        try (ControlWait wait = wait(DEADLINE)) {
            CompletableFuture<Void> settled = CompletableFuture.runAsync(() -> await(wait));
            ConsumerRecord<byte[], byte[]> tick = nextEvent();
            byte[] poison = "no event".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(Topics.LIFECYCLE_INBOX, tick.partition(), MODEL, poison))
                    .get();
            producer.send(new ProducerRecord<>(Topics.LIFECYCLE_INBOX, tick.partition(), "another", tick.value()))
                    .get();
            producer.send(new ProducerRecord<>(Topics.LIFECYCLE_INBOX, tick.partition(), MODEL, null))
                    .get();
            decide(tick, true);

            settled.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void saysWhatWasMissingWhenNothingIsDecided() throws Exception {
        monitored(Map.of());
        try (ControlWait wait = wait(Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> wait.await(NOW))
                    .isInstanceOf(ReplayStuckException.class)
                    .hasMessageContaining("the lifecycle has settled after tick/m/1000")
                    .hasMessageContaining("is decided up to offset -1 of 0")
                    .hasMessageContaining("last decision: none");
        }
    }

    @Test
    void saysHowFarMonitoringHasComeWhenItHasNotPublished() throws Exception {
        send(Topics.LABELS, "a label");
        try (ControlWait wait = wait(Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> wait.await(NOW))
                    .isInstanceOf(ReplayStuckException.class)
                    .hasMessageContaining("job monitoring has not acknowledged")
                    .hasMessageContaining("stage monitor has published no frontier");
        }
    }

    private ControlWait wait(Duration deadline) {
        return new ControlWait(kafka, MODEL, GROUP, producer, deadline, () -> {});
    }

    private static void await(ControlWait wait) {
        try {
            wait.await(NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All in partition 0, as far as there is anything. */
    private void monitored(Map<String, Long> next) throws Exception {
        List<PartitionFrontier> partitions = new ArrayList<>();
        next.forEach((topic, offset) -> partitions.add(new PartitionFrontier(topic, 0, offset)));
        send(
                Topics.FRONTIERS,
                Frontier.newBuilder()
                        .setJob("monitoring")
                        .setStage("monitor")
                        .setViews(List.of())
                        .setAttempt(1)
                        .setSubtask(0)
                        .setParallelism(1)
                        .setFirstKeyGroup(0)
                        .setLastKeyGroup(127)
                        .setFlush(1)
                        .setPhase(FrontierPhase.ACKNOWLEDGED)
                        .setPartitions(partitions)
                        .build());
    }

    private void forwarded(RecordMetadata last) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            offsets.put(new TopicPartition(last.topic(), last.partition()), new OffsetAndMetadata(last.offset() + 1));
            admin.alterConsumerGroupOffsets(GROUP, offsets).all().get();
        }
    }

    private ConsumerRecord<byte[], byte[]> nextEvent() {
        try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(kafka, DEADLINE)) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.LIFECYCLE_INBOX).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return consumer.poll(DEADLINE).iterator().next();
        }
    }

    private static LifecycleEvent event(ConsumerRecord<byte[], byte[]> record) {
        return RecordSerde.of(LifecycleEvent.class).decode(record.value());
    }

    private RecordMetadata sendEvent(String id) throws Exception {
        return send(
                Topics.LIFECYCLE_INBOX,
                LifecycleEvent.newBuilder()
                        .setId(id)
                        .setModel(MODEL)
                        .setNow(NOW)
                        .setSender("test")
                        .setKind(LifecycleEventKind.OBSERVATION)
                        .build());
    }

    private void decide(ConsumerRecord<byte[], byte[]> event, boolean settled) throws Exception {
        decide(event.partition(), event.offset(), event(event).getId(), settled);
    }

    private void decide(RecordMetadata event, String id, boolean settled) throws Exception {
        decide(event.partition(), event.offset(), id, settled);
    }

    private void decide(int partition, long offset, String id, boolean settled) throws Exception {
        send(
                Topics.LIFECYCLE,
                LifecycleDecision.newBuilder()
                        .setModel(MODEL)
                        .setInboxPartition(partition)
                        .setInboxOffset(offset)
                        .setEventId(id)
                        .setNow(NOW)
                        .setOutcome(DecisionOutcome.CHANGED)
                        .setReason("because")
                        .setFrom("Idle")
                        .setTo("Idle")
                        .setState("{\"settled\":" + settled + "}")
                        .build());
    }

    @SuppressWarnings("unchecked")
    private <T extends SpecificRecord> RecordMetadata send(String topic, T record) throws Exception {
        byte[] value = RecordSerde.of((Class<T>) record.getClass()).encode(record);
        return producer.send(new ProducerRecord<>(topic, MODEL, value)).get();
    }

    /** Something that nobody here reads, in partition 0. */
    private RecordMetadata send(String topic, String text) throws Exception {
        return producer.send(new ProducerRecord<>(topic, 0, null, text.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
