package dev.tidewheel.jobs.source;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Handover;
import dev.tidewheel.definitions.RecordTime;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.SourceFormat;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the job must know to read a source. Travels in the job graph.
 *
 * @param source the source's name
 * @param topics in the order of their {@linkplain #channels() channels}
 * @param idle a partition without records for so long, wall time, does not hold the others' watermark back
 * @param watermarkDelay how far a partition's watermark stays behind its greatest known time
 * @param handover where what was imported ends and the topic begins
 */
public record SourceLayout(
        String source, List<TopicLayout> topics, Duration idle, Duration watermarkDelay, Handover handover)
        implements Serializable {
    public SourceLayout {
        Objects.requireNonNull(source, "source");
        topics = List.copyOf(topics);
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(watermarkDelay, "watermarkDelay");
        Objects.requireNonNull(handover, "handover");
    }

    /** Of one topic, with all that can be said of it. */
    public SourceLayout(
            String source,
            String topic,
            SourceFormat format,
            String schema,
            @Nullable String eventTime,
            @Nullable String knownTime,
            @Nullable String eventId,
            Duration idle,
            Duration watermarkDelay,
            RecordTime recordTime,
            List<String> changelog) {
        this(
                source,
                List.of(new TopicLayout(
                        source, topic, format, schema, eventTime, knownTime, eventId, recordTime, changelog, null)),
                idle,
                watermarkDelay,
                Handover.OFFSETS);
    }

    /** Of one topic, with watermarks as they are where a definition says nothing of them, and without a changelog. */
    public SourceLayout(
            String source,
            String topic,
            SourceFormat format,
            String schema,
            @Nullable String eventTime,
            @Nullable String knownTime,
            @Nullable String eventId) {
        this(
                source,
                topic,
                format,
                schema,
                eventTime,
                knownTime,
                eventId,
                Duration.ofMinutes(15),
                Duration.ofHours(1),
                RecordTime.KAFKA,
                List.of());
    }

    /** Of one topic, plain Avro. */
    public SourceLayout(
            String source,
            String topic,
            String schema,
            @Nullable String eventTime,
            @Nullable String knownTime,
            @Nullable String eventId) {
        this(source, topic, SourceFormat.AVRO, schema, eventTime, knownTime, eventId);
    }

    /** That of a definition. */
    public static SourceLayout of(Source source) {
        return new SourceLayout(
                source.name(),
                source.inputs().stream()
                        .map(input -> TopicLayout.of(input, source.isUnion()))
                        .toList(),
                source.idle(),
                source.watermarkDelay(),
                source.handover());
    }

    /** The same with another handover. */
    public SourceLayout handedOver(Handover by) {
        return new SourceLayout(source, topics, idle, watermarkDelay, by);
    }

    /** The numbers of the topics' partitions. */
    public Channels channels() {
        return new Channels(topicNames());
    }

    /** The Kafka topics, in their order. */
    public List<String> topicNames() {
        return topics.stream().map(TopicLayout::topic).toList();
    }

    /**
     * The topic of a source that has one.
     *
     * @throws IllegalStateException if it has several
     */
    public TopicLayout only() {
        if (topics.size() != 1) {
            throw new IllegalStateException("source '" + source + "' has several topics: " + topicNames());
        }
        return topics.get(0);
    }

    /** Whether it tells of rows that change, not of events. */
    public boolean isOfChanges() {
        return topics.stream().anyMatch(topic -> topic.format().isOfChanges());
    }

    /** Whether the last row of every primary key has to be remembered. */
    public boolean hasChangelog() {
        return topics.stream().anyMatch(topic -> !topic.changelog().isEmpty());
    }

    /** By the topics' places, whether events are identified by a column: without one no record can repeat another. */
    public List<Boolean> declaresIds() {
        return topics.stream().map(topic -> topic.eventId() != null).toList();
    }
}
