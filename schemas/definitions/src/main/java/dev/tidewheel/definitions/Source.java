package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.feature.row.RowSchema;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Events, from one Kafka topic or from several.
 *
 * @param name its name
 * @param inputs one per topic, in the order of their {@link #channels()}
 * @param columns of its rows
 * @param horizon what is known later than this after it happened is late
 * @param futureLimit what happens further ahead of its known time than this is rejected
 * @param idle a partition without records for so long, wall time, does not hold the others' watermark back
 * @param watermarkDelay how far a partition's watermark stays behind its greatest known time
 * @param handover where what was imported ends and the topic begins
 */
public record Source(
        String name,
        List<SourceInput> inputs,
        RowSchema columns,
        Duration horizon,
        Duration futureLimit,
        Duration idle,
        Duration watermarkDelay,
        Handover handover)
        implements Definition {
    public Source {
        Objects.requireNonNull(name, "name");
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(horizon, "horizon");
        Objects.requireNonNull(futureLimit, "futureLimit");
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(watermarkDelay, "watermarkDelay");
        Objects.requireNonNull(handover, "handover");
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("source '" + name + "' has no topic");
        }
    }

    @Override
    public Kind kind() {
        return Kind.SOURCE;
    }

    /** The topics, in their order. */
    public List<String> topics() {
        return inputs.stream().map(SourceInput::topic).toList();
    }

    /** The numbers of the topics' partitions. */
    public Channels channels() {
        return new Channels(topics());
    }

    /** Whether it has several topics. */
    public boolean isUnion() {
        return inputs.size() > 1;
    }

    /**
     * The input of a source that has one.
     *
     * @throws IllegalStateException if it is a union
     */
    public SourceInput only() {
        if (isUnion()) {
            throw new IllegalStateException("source '" + name + "' has several topics: " + topics());
        }
        return inputs.get(0);
    }

    /** Whether it tells of rows that change, not of events. */
    public boolean isOfChanges() {
        return inputs.stream().anyMatch(input -> input.format().isOfChanges());
    }

    /** The column that says when it happened; a union's own. */
    public String eventTime() {
        return isUnion() ? UnionRows.EVENT_TIME : only().eventTime();
    }

    /** The column that says when it could be known; without it, the record's own time. A union has one of its own. */
    public Optional<String> knownTime() {
        return isUnion() ? Optional.of(UnionRows.KNOWN_TIME) : only().knownTime();
    }

    /**
     * The column that identifies an event; without it, the record's position. A union has one of its own, which is null in
     * rows of members that declare none.
     */
    public Optional<String> eventId() {
        return isUnion() ? Optional.of(UnionRows.EVENT_ID) : only().eventId();
    }
}
