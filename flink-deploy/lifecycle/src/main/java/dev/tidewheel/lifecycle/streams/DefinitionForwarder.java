package dev.tidewheel.lifecycle.streams;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Appends the definitions that decisions depend on to their models' inboxes. A tombstone does not say which model it is
 * about, so the store remembers that, by kind/name. A definition that moves to another model is removed from the first.
 * For one thread.
 */
final class DefinitionForwarder extends ContextualProcessor<byte[], byte[], String, SpecificRecord> {
    private static final Set<String> KINDS = Set.of("Retraining", "Rollout", "ModelAlias");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RecordSerde<Definition> serde = RecordSerde.of(Definition.class);
    private final Nodes nodes;
    private final LifecycleMetrics metrics;

    DefinitionForwarder(Nodes nodes, LifecycleMetrics metrics) {
        this.nodes = nodes;
        this.metrics = metrics;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        int slash = key.indexOf('/');
        if (slash < 0 || !KINDS.contains(key.substring(0, slash))) {
            return;
        }
        if (record.value() == null) {
            leave(record, key, Optional.empty(), record.timestamp());
            return;
        }
        try {
            Definition definition = serde.decode(record.value());
            model(definition)
                    .ifPresentOrElse(
                            model -> enter(record, key, model, definition),
                            () -> dead(record, key + " names no model"));
        } catch (UnreadableRecordException e) {
            dead(record, String.valueOf(e.getMessage()));
        }
    }

    private void enter(Record<byte[], byte[]> record, String key, String model, Definition definition) {
        leave(record, key, Optional.of(model), definition.getAppliedAt());
        store().put(key, model);
        send(
                record,
                InboxEvents.definition(
                        model,
                        definition.getKind(),
                        definition.getName(),
                        definition.getHash(),
                        definition.getBody(),
                        definition.getAppliedAt()));
    }

    /** Takes a definition from the model that it was about, unless that stays the same. */
    private void leave(Record<byte[], byte[]> record, String key, Optional<String> stays, long now) {
        String former = store().delete(key);
        if (former != null && !stays.equals(Optional.of(former))) {
            int slash = key.indexOf('/');
            send(
                    record,
                    InboxEvents.definition(former, key.substring(0, slash), key.substring(slash + 1), "", null, now));
        }
    }

    private KeyValueStore<String, String> store() {
        return context().getStateStore(Nodes.DEFINED);
    }

    private void send(Record<byte[], byte[]> cause, LifecycleEvent event) {
        context().forward(new Record<>(event.getModel(), event, cause.timestamp()), nodes.inbox());
    }

    private void dead(Record<byte[], byte[]> record, String why) {
        Record<String, DeadLetter> letter = Letters.about(
                record,
                context().recordMetadata().orElseThrow(),
                "lifecycle/forward",
                DeadLetterReason.UNDECODABLE,
                why);
        metrics.deadLetter();
        context().forward(new Record<>(letter.key(), letter.value(), record.timestamp()), nodes.deadLetters());
    }

    /** An alias says its model at the top of its body, a definition in its spec. */
    private static Optional<String> model(Definition definition) {
        try {
            JsonNode body = JSON.readTree(definition.getBody());
            String model =
                    body.path("model").asText(body.path("spec").path("model").asText());
            return Optional.of(model).filter(name -> !name.isBlank());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
