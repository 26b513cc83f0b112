package dev.tidewheel.monitoring;

import dev.tidewheel.records.Alert;
import dev.tidewheel.records.ClockTick;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics around the job, as the driver of a replay uses them. */
final class Platform implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final List<String> READ =
            List.of(Topics.INFERENCES, Topics.LABELS, Topics.DEFINITIONS, Topics.CLOCK);

    private final KafkaBrokerFixture kafka;
    private final Producer<String, byte[]> producer;
    private final List<Future<?>> sent = new ArrayList<>();
    private final Consumer<String, Frontier> frontiers;
    private final Consumer<byte[], byte[]> asking;
    private Frontier last;
    private long ticks;

    Platform(KafkaBrokerFixture kafka) {
        this.kafka = kafka;
        producer = KafkaClients.producer(kafka.config(), DEADLINE, new ByteArraySerializer());
        // Kept open: closing one waits for the answer to its last fetch.
        frontiers = KafkaClients.consumer(kafka.config(), DEADLINE, RecordSerde.of(Frontier.class));
        frontiers.assign(List.of(new TopicPartition(Topics.FRONTIERS, 0)));
        asking = KafkaClients.bytesConsumer(kafka.config(), DEADLINE);
    }

    void define(List<Definition> definitions) {
        definitions.forEach(definition -> send(
                Topics.DEFINITIONS, definition.getKind() + "/" + definition.getName(), Definition.class, definition));
    }

    void infer(List<Inference> rows) {
        rows.forEach(row -> send(Topics.INFERENCES, row.getRequestId(), Inference.class, row));
    }

    void label(List<Label> labels) {
        labels.forEach(label -> send(Topics.LABELS, label.getRequestId(), Label.class, label));
    }

    /** The clock comes to a moment; everything sent before is confirmed first. */
    void tick(long now) {
        confirm();
        send(Topics.CLOCK, null, ClockTick.class, new ClockTick(now, "test", ++ticks));
        confirm();
    }

    private <T extends SpecificRecord> void send(String topic, String key, Class<T> type, T value) {
        sent.add(producer.send(
                new ProducerRecord<>(topic, key, RecordSerde.of(type).encode(value))));
    }

    void confirm() {
        sent.forEach(each -> {
            try {
                each.get();
            } catch (Exception e) {
                throw new IllegalStateException("a record was not sent", e);
            }
        });
        sent.clear();
    }

    /** Waits until the job's frontier contains all that its topics hold now. */
    void awaitFrontier() {
        Map<String, Long> wanted = new HashMap<>();
        READ.forEach(topic -> ends(topic).forEach((partition, end) -> wanted.put(partition.toString(), end)));
        long until = System.nanoTime() + DEADLINE.toNanos();
        while (last == null || !covers(last, wanted)) {
            if (System.nanoTime() > until) {
                throw new AssertionError("no frontier of " + wanted + " within " + DEADLINE + "; last is " + last);
            }
            for (ConsumerRecord<String, Frontier> each : frontiers.poll(Duration.ofMillis(50))) {
                last = each.value();
            }
        }
    }

    private static boolean covers(Frontier frontier, Map<String, Long> wanted) {
        Map<String, Long> has = new HashMap<>();
        for (PartitionFrontier each : frontier.getPartitions()) {
            has.put(each.getTopic() + "-" + each.getPartition(), each.getNextOffset());
        }
        return wanted.entrySet().stream().allMatch(want -> has.getOrDefault(want.getKey(), 0L) >= want.getValue());
    }

    private Map<TopicPartition, Long> ends(String topic) {
        return asking.endOffsets(asking.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList());
    }

    List<MetricRow> metrics() {
        return read(Topics.METRICS, MetricRow.class);
    }

    List<Alert> alerts() {
        return read(Topics.ALERTS, Alert.class);
    }

    private <T extends SpecificRecord> List<T> read(String topic, Class<T> type) {
        List<T> all = new ArrayList<>();
        Map<TopicPartition, Long> ends = ends(topic);
        try (Consumer<String, T> consumer = KafkaClients.consumer(kafka.config(), DEADLINE, RecordSerde.of(type))) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> all.add(record.value()));
            }
        }
        return all;
    }

    @Override
    public void close() {
        producer.close();
        frontiers.close();
        asking.close();
    }
}
