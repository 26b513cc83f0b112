package dev.tidewheel.lifecycle.replay;

import dev.tidewheel.lifecycle.fold.Decision;
import dev.tidewheel.lifecycle.fold.DecisionRecords;
import dev.tidewheel.lifecycle.fold.DecisionRecords.Place;
import dev.tidewheel.lifecycle.fold.Fold;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads inbox and decisions side by side, decides about every event again and compares bytes. Reads only. A model's events
 * and decisions are in the same partition of both topics, because both have the same key and number of partitions.
 */
public final class LifecycleReplay {
    private static final int SHOWN = 2_000;

    private final RecordSerde<LifecycleEvent> events = RecordSerde.of(LifecycleEvent.class);
    private final RecordSerde<LifecycleDecision> decisions = RecordSerde.of(LifecycleDecision.class);
    private final ReplayConfig config;

    public LifecycleReplay(ReplayConfig config) {
        this.config = config;
    }

    /** {@code --config FILE}; prints what it found, and ends with 1 if a decision differs. */
    public static void main(String[] arguments) {
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            System.err.println("usage: lifecycle-replay --config FILE");
            System.exit(2);
        }
        ReplayReport report = new LifecycleReplay(ConfigLoader.load(Path.of(arguments[1]), ReplayConfig.class)).run();
        System.out.println(report.text());
        System.exit(report.difference().isPresent() ? 1 : 0);
    }

    /** @throws dev.tidewheel.runtime.kafka.KafkaUnavailableException if Kafka does not answer within the deadline */
    public ReplayReport run() {
        ReplayReport report = new ReplayReport(0, 0, 0, 0, Optional.empty());
        for (int partition = 0; partition < partitions() && report.difference().isEmpty(); partition++) {
            report = report.plus(replay(partition));
        }
        return report;
    }

    private int partitions() {
        try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(config.kafka(), config.deadline())) {
            return consumer.partitionsFor(Topics.LIFECYCLE_INBOX).size();
        }
    }

    private ReplayReport replay(int partition) {
        try (PartitionReader made = new PartitionReader(config, new TopicPartition(Topics.LIFECYCLE, partition));
                PartitionReader inbox =
                        new PartitionReader(config, new TopicPartition(Topics.LIFECYCLE_INBOX, partition))) {
            return compare(inbox, made);
        }
    }

    private ReplayReport compare(PartitionReader inbox, PartitionReader made) {
        Map<String, State> states = new HashMap<>();
        long same = 0;
        long waiting = 0;
        long unusable = 0;
        while (true) {
            Optional<ConsumerRecord<byte[], byte[]>> record = inbox.next();
            if (record.isEmpty()) {
                return new ReplayReport(
                        same + waiting + unusable,
                        same,
                        waiting,
                        unusable,
                        made.next().map(this::unfounded));
            }
            Optional<LifecycleEvent> event = usable(record.get());
            if (event.isEmpty()) {
                unusable++;
                continue;
            }
            LifecycleDecision expected = decide(states, event.get(), record.get());
            Optional<ConsumerRecord<byte[], byte[]>> found = made.next();
            if (found.isEmpty()) {
                waiting++;
            } else if (Arrays.equals(decisions.encode(expected), found.get().value())) {
                same++;
            } else {
                return new ReplayReport(
                        same + waiting + unusable + 1,
                        same,
                        waiting,
                        unusable,
                        Optional.of(difference(expected, found.get().value())));
            }
        }
    }

    private static LifecycleDecision decide(
            Map<String, State> states, LifecycleEvent event, ConsumerRecord<byte[], byte[]> record) {
        State before = states.computeIfAbsent(event.getModel(), State::initial);
        Decision decision = Fold.decide(before, event);
        states.put(event.getModel(), decision.state());
        return DecisionRecords.decision(new Place(record.partition(), record.offset()), event, before, decision);
    }

    /** As the running fold sees it: what cannot be read, or is not keyed by its model, gets no decision. */
    private Optional<LifecycleEvent> usable(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            LifecycleEvent event = events.decode(record.value());
            String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            return Optional.of(event).filter(read -> key.equals(read.getModel()));
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        }
    }

    private String unfounded(ConsumerRecord<byte[], byte[]> record) {
        return "a decision at " + record.partition() + "-" + record.offset() + " has no event in the inbox: "
                + shown(decisions.decode(record.value()));
    }

    private String difference(LifecycleDecision expected, byte[] value) {
        LifecycleDecision found = decisions.decode(value);
        String place = "inbox " + expected.getInboxPartition() + "-" + expected.getInboxOffset() + ", event "
                + expected.getEventId() + ": ";
        return expected.getSchema().getFields().stream()
                .filter(field -> !expected.get(field.pos()).equals(found.get(field.pos())))
                .findFirst()
                .map(field -> place + field.name() + " was" + System.lineSeparator() + "  "
                        + shown(found.get(field.pos())) + System.lineSeparator() + "and is now"
                        + System.lineSeparator() + "  " + shown(expected.get(field.pos())))
                .orElse(place + "the same contents in other bytes");
    }

    private static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
