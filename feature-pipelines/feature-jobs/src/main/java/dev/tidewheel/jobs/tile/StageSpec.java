package dev.tidewheel.jobs.tile;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.runtime.erase.ErasedEntities;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * A keyed stage as it travels in the job graph.
 *
 * @param job the source whose views the job computes
 * @param name the entity's key columns, joined by '+'; then its cohort's suffix, if it belongs to one
 * @param channels of the source's topics
 * @param declaresIds by the topics' places, whether events are identified by a column; without one no record can repeat
 *     another
 * @param horizonMillis the source's
 * @param views compiles the views where the stage runs: plans hold closures and do not travel
 * @param limits of what is held back and sent
 * @param deadline how long Kafka and the store may refuse before the job fails
 * @param erased entities of which nothing may be left in the states
 * @param imports by channel of an import that the stage reads if it begins, the offset after its last record
 */
public record StageSpec(
        String job,
        String name,
        Channels channels,
        List<Boolean> declaresIds,
        long horizonMillis,
        SerializableSupplier<List<StageView>> views,
        FlushLimits limits,
        Duration deadline,
        ErasedEntities erased,
        Map<Integer, Long> imports)
        implements Serializable {
    public StageSpec {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(channels, "channels");
        declaresIds = List.copyOf(declaresIds);
        Objects.requireNonNull(views, "views");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(deadline, "deadline");
        Objects.requireNonNull(erased, "erased");
        imports = Map.copyOf(imports);
    }

    /** Of a source of one topic; so many changed keys are flushed without being asked. */
    StageSpec(
            String job,
            String name,
            String topic,
            boolean declaresIds,
            long horizonMillis,
            SerializableSupplier<List<StageView>> views,
            int maxKeys,
            Duration deadline) {
        this(
                job,
                name,
                Channels.of(topic),
                List.of(declaresIds),
                horizonMillis,
                views,
                FlushLimits.of(maxKeys),
                deadline,
                ErasedEntities.NONE,
                Map.of());
    }

    /** Whether the changes of a channel are identified by a column. */
    boolean declaresIds(int channel) {
        return declaresIds.get(channels.place(channel));
    }

    /** What a cohort's names end with, see {@link dev.tidewheel.jobs.JobDefinition.Cohort}; empty in the main pipeline. */
    String suffix() {
        int at = name.indexOf('@');
        return at < 0 ? "" : name.substring(at);
    }
}
