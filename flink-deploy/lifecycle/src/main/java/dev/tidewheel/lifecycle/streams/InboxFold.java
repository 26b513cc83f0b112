package dev.tidewheel.lifecycle.streams;

import dev.tidewheel.lifecycle.fold.Decision;
import dev.tidewheel.lifecycle.fold.DecisionRecords;
import dev.tidewheel.lifecycle.fold.DecisionRecords.Place;
import dev.tidewheel.lifecycle.fold.Fold;
import dev.tidewheel.lifecycle.fold.Outcome;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.lifecycle.state.StateJson;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Desired;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Decides about every event of one partition of the inbox. State, decision, wishes and the position in the inbox are
 * committed in one transaction, so there is one decision per event, however often a process dies.
 *
 * <p>In wall mode it also ticks: into the inbox, like everybody else, so that the decision can be computed again from
 * there. For one thread.
 */
final class InboxFold extends ContextualProcessor<byte[], byte[], String, SpecificRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(InboxFold.class);

    private final RecordSerde<LifecycleEvent> serde = RecordSerde.of(LifecycleEvent.class);
    private final Optional<Duration> tick;
    private final Nodes nodes;
    private final LifecycleMetrics metrics;

    /** @param tick how often to tick; empty if somebody else does */
    InboxFold(Optional<Duration> tick, Nodes nodes, LifecycleMetrics metrics) {
        this.nodes = nodes;
        this.tick = tick;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        super.init(context);
        tick.ifPresent(every -> context.schedule(every, PunctuationType.WALL_CLOCK_TIME, this::tick));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata place = context().recordMetadata().orElseThrow();
        if (record.value() == null) {
            dead(record, place, DeadLetterReason.UNDECODABLE, "an event without a value");
            return;
        }
        LifecycleEvent event;
        try {
            event = serde.decode(record.value());
        } catch (UnreadableRecordException e) {
            dead(record, place, DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
            return;
        }
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        if (!key.equals(event.getModel())) {
            dead(
                    record,
                    place,
                    DeadLetterReason.NO_KEY,
                    "key '" + key + "' of an event of model " + event.getModel()
                            + ": all events of a model must meet in one partition");
            return;
        }
        decide(new Place(place.partition(), place.offset()), event, record.timestamp());
    }

    private void decide(Place place, LifecycleEvent event, long timestamp) {
        String model = event.getModel();
        String stored = states().get(model);
        State before = stored == null ? State.initial(model) : StateJson.read(stored);
        Decision decision = Fold.decide(before, event);
        var written = DecisionRecords.decision(place, event, before, decision);
        states().put(model, written.getState());
        context().forward(new Record<>(model, written, timestamp), nodes.decisions());
        for (Desired desired : DecisionRecords.desired(place, event, decision)) {
            context().forward(new Record<>(model + "/" + desired.getSlot(), desired, timestamp), nodes.desired());
        }
        metrics.decided(model, decision.outcome(), decision.state().settled());
        boolean routine = decision.outcome() == Outcome.UNCHANGED || decision.outcome() == Outcome.DUPLICATE;
        LOG.atLevel(decision.isDefect() ? Level.ERROR : routine ? Level.DEBUG : Level.INFO)
                .log(
                        "{} {}: {} ({} → {}): {}",
                        model,
                        event.getId(),
                        decision.outcome(),
                        written.getFrom(),
                        written.getTo(),
                        decision.reason());
    }

    private void tick(long now) {
        List<String> models = new ArrayList<>();
        try (KeyValueIterator<String, String> all = states().all()) {
            all.forEachRemaining(entry -> models.add(entry.key));
        }
        models.forEach(model ->
                context().forward(new Record<>(model, InboxEvents.tick(model, now), now), nodes.inbox()));
    }

    private KeyValueStore<String, String> states() {
        return context().getStateStore(Nodes.STATES);
    }

    private void dead(Record<byte[], byte[]> record, RecordMetadata place, DeadLetterReason reason, String why) {
        LOG.warn("event at {}-{} cannot be used: {}", place.partition(), place.offset(), why);
        Record<String, DeadLetter> letter = Letters.about(record, place, "lifecycle/fold", reason, why);
        metrics.deadLetter();
        context().forward(new Record<>(letter.key(), letter.value(), record.timestamp()), nodes.deadLetters());
    }
}
