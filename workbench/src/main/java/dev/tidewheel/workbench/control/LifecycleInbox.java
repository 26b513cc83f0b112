package dev.tidewheel.workbench.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.records.ClockTick;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.records.Trigger;
import dev.tidewheel.records.TriggerReason;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.Applier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What people ask of the lifecycle: appends to its inbox. For one thread. */
public final class LifecycleInbox {
    /** The detail of a trigger that wants the former champion back. */
    public static final String ROLLBACK = "rollback";

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long NEVER = Long.MIN_VALUE;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConfig kafka;

    public LifecycleInbox(KafkaConfig kafka) {
        this.kafka = kafka;
    }

    /**
     * Appends a person's trigger. Returns when Kafka has it.
     *
     * @param id sent again, it counts once
     * @param retraining empty for something else than a training
     * @param detail for people, or {@link #ROLLBACK}
     */
    public void trigger(String id, String model, Optional<String> retraining, String detail)
            throws InterruptedException {
        Trigger trigger = Trigger.newBuilder()
                .setReason(TriggerReason.MANUAL)
                .setRetraining(retraining.orElse(null))
                .setDetail(detail)
                .build();
        LifecycleEvent event = LifecycleEvent.newBuilder()
                .setId(id)
                .setModel(model)
                .setNow(now())
                .setSender("person")
                .setKind(LifecycleEventKind.TRIGGER)
                .setTrigger(trigger)
                .build();
        try (Producer<String, LifecycleEvent> producer =
                KafkaClients.producer(kafka, DEADLINE, RecordSerde.of(LifecycleEvent.class))) {
            producer.send(new ProducerRecord<>(Topics.LIFECYCLE_INBOX, model, event))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaUnavailableException("the inbox did not take " + id, e.getCause());
        }
    }

    /**
     * The model of a retraining.
     *
     * @throws WorkbenchException if the registry has no such retraining
     */
    public String modelOf(String retraining) throws InterruptedException {
        Definition definition = new Applier(kafka).inForce().get("Retraining/" + retraining);
        if (definition == null) {
            throw new WorkbenchException("the registry has no Retraining '" + retraining + "'");
        }
        try {
            return JSON.readTree(definition.getBody())
                    .path("spec")
                    .path("model")
                    .asText();
        } catch (JsonProcessingException e) {
            throw new WorkbenchException("Retraining '" + retraining + "' is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The model, where there is one.
     *
     * @throws WorkbenchException if there are others, or none
     */
    public String onlyModel() throws InterruptedException {
        List<String> models = new Applier(kafka)
                .inForce().values().stream()
                        .filter(definition -> definition.getKind().equals("Model"))
                        .map(Definition::getName)
                        .toList();
        if (models.size() != 1) {
            throw new WorkbenchException("say which model with --model: the registry has " + models);
        }
        return models.get(0);
    }

    /** The story's time where a story is told, else the wall's. */
    private long now() throws InterruptedException {
        AtomicLong last = new AtomicLong(NEVER);
        new TopicScan(kafka, DEADLINE).scan(Topics.CLOCK, ClockTick.class, tick -> last.set(tick.getNow()));
        return last.get() == NEVER ? new WallClock().now() : last.get();
    }
}
