package dev.tidewheel.lifecycle.streams;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Appends the records of another topic to the inbox, as far as decisions depend on them. What cannot be read becomes a
 * dead letter. For one thread.
 */
final class Forwarder<T extends SpecificRecord> extends ContextualProcessor<byte[], byte[], String, SpecificRecord> {
    private final RecordSerde<T> serde;
    private final Function<T, Optional<LifecycleEvent>> toEvent;
    private final Nodes nodes;
    private final LifecycleMetrics metrics;

    Forwarder(
            RecordSerde<T> serde,
            Function<T, Optional<LifecycleEvent>> toEvent,
            Nodes nodes,
            LifecycleMetrics metrics) {
        this.nodes = nodes;
        this.serde = serde;
        this.toEvent = toEvent;
        this.metrics = metrics;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            toEvent.apply(serde.decode(record.value()))
                    .ifPresent(event -> context()
                            .forward(new Record<>(event.getModel(), event, record.timestamp()), nodes.inbox()));
        } catch (UnreadableRecordException e) {
            Record<String, DeadLetter> letter = Letters.about(
                    record,
                    context().recordMetadata().orElseThrow(),
                    "lifecycle/forward",
                    DeadLetterReason.UNDECODABLE,
                    String.valueOf(e.getMessage()));
            metrics.deadLetter();
            context().forward(new Record<>(letter.key(), letter.value(), record.timestamp()), nodes.deadLetters());
        }
    }
}
