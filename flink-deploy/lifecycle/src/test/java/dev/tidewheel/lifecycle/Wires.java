package dev.tidewheel.lifecycle;

import dev.tidewheel.records.Alert;
import dev.tidewheel.records.AlertKind;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Desired;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.Observation;
import dev.tidewheel.records.Severity;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** All that a test does with Kafka around a lifecycle: it plays everybody else. For one thread. */
final class Wires implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    private final KafkaConfig kafka;
    private final Producer<String, byte[]> producer;
    private final Consumer<byte[], byte[]> decisionReader;
    private final Consumer<byte[], byte[]> desiredReader;
    private final List<LifecycleDecision> decisions = new ArrayList<>();
    private final List<Desired> desired = new ArrayList<>();

    Wires(KafkaConfig kafka) {
        this.kafka = kafka;
        producer = KafkaClients.producer(kafka, DEADLINE, new ByteArraySerializer());
        decisionReader = reader(Topics.LIFECYCLE);
        desiredReader = reader(Topics.DESIRED);
    }

    /** To the inbox. */
    void event(LifecycleEvent event) {
        send(Topics.LIFECYCLE_INBOX, event.getModel(), encode(LifecycleEvent.class, event));
    }

    void raw(String topic, String key, byte[] value) {
        send(topic, key, value);
    }

    /** To the registry. */
    void define(String kind, String name, String body) {
        Definition definition = Definition.newBuilder()
                .setKind(kind)
                .setName(name)
                .setHash("sha256:" + body.hashCode())
                .setBody(body)
                .setAppliedAt(0)
                .build();
        send(Topics.DEFINITIONS, kind + "/" + name, encode(Definition.class, definition));
    }

    void remove(String kind, String name) {
        send(Topics.DEFINITIONS, kind + "/" + name, null);
    }

    void defineAll() {
        define("Rollout", "careful", Bodies.ROLLOUT);
        define("Retraining", "weekly", Bodies.WEEKLY);
        define("Retraining", "storm", Bodies.STORM);
        define("ModelAlias", "late-arrival.champion", Bodies.alias("jan"));
    }

    /** From the agent. */
    void observe(Observation observation) {
        send(
                Topics.OBSERVATIONS,
                observation.getModel() + "/" + observation.getSlot(),
                encode(Observation.class, observation));
    }

    /** From the monitoring job. */
    void alert(String id, String rule, String version, Instant now) {
        Alert alert = Alert.newBuilder()
                .setId(id)
                .setKind(AlertKind.FIRED)
                .setSeverity(Severity.WARNING)
                .setMonitor("daily")
                .setRule(rule)
                .setModel(Story.MODEL)
                .setModelVersion(version)
                .setSegment("all")
                .setWindowStart(now.toEpochMilli())
                .setWindowEnd(now.toEpochMilli())
                .setRevision(0)
                .setMeasure("mean")
                .setSummary(rule + " is high")
                .setJudgedAt(now.toEpochMilli())
                .build();
        send(Topics.ALERTS, id, encode(Alert.class, alert));
    }

    /** All committed decisions so far. */
    List<LifecycleDecision> decisions() {
        decisionReader
                .poll(Duration.ofMillis(20))
                .forEach(record -> decisions.add(decode(LifecycleDecision.class, record)));
        return decisions;
    }

    /** All that was committed as desired so far, superseded records included. */
    List<Desired> desired() {
        desiredReader.poll(Duration.ofMillis(20)).forEach(record -> desired.add(decode(Desired.class, record)));
        return desired;
    }

    LifecycleDecision awaitDecision(String what, Predicate<LifecycleDecision> wanted) {
        return await(
                "a decision " + what, () -> decisions().stream().filter(wanted).findFirst());
    }

    Desired awaitDesired(String slot, long generation) {
        return await(
                slot + " at generation " + generation,
                () -> desired().stream()
                        .filter(one -> one.getSlot().equals(slot) && one.getGeneration() == generation)
                        .findFirst());
    }

    /** Records of a topic that a committed reader sees, from the beginning to its end. */
    List<ConsumerRecord<byte[], byte[]>> all(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> reader = reader(topic)) {
            var ends = reader.endOffsets(reader.assignment());
            long give = System.nanoTime() + DEADLINE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() > give) {
                    throw new AssertionError(topic + " cannot be read to its end " + ends);
                }
                reader.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    <T> T await(String what, Supplier<Optional<T>> look) {
        long give = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < give) {
            var found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new AssertionError("no " + what + " within " + DEADLINE + "; decisions: "
                + decisions.stream()
                        .map(one -> one.getEventId() + ": " + one.getReason())
                        .toList());
    }

    @Override
    public void close() {
        producer.close(DEADLINE);
        decisionReader.close();
        desiredReader.close();
    }

    static <T extends SpecificRecord> T decode(Class<T> type, ConsumerRecord<byte[], byte[]> record) {
        return RecordSerde.of(type).decode(record.value());
    }

    private Consumer<byte[], byte[]> reader(String topic) {
        Consumer<byte[], byte[]> reader = KafkaClients.bytesConsumer(kafka, DEADLINE);
        List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        return reader;
    }

    private void send(String topic, String key, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topic, key, value)).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("cannot write to " + topic, e);
        }
    }

    private static <T extends SpecificRecord> byte[] encode(Class<T> type, T record) {
        return RecordSerde.of(type).encode(record);
    }
}
