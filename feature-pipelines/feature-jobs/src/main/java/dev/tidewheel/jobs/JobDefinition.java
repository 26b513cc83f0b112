package dev.tidewheel.jobs;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.chain.ChainSpec;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.runtime.erase.ErasedEntities;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * What one feature job computes: a source and the views on it, grouped by entity. What is compiled (columns, plans) is
 * given as suppliers that travel in the job graph and compile where they are needed.
 *
 * @param source how to read the topic
 * @param horizonMillis changes known later than this after their event are late
 * @param columns the source's columns
 * @param entities one keyed stage each; empty if only cohorts are left
 * @param cohorts views that came later and read the source apart
 * @param chains the changelogs that the job tells to their topics, if the source is one: those that its pipelines read, and
 *     those that jobs of views farther down the chain do
 * @param erased entities that all of it leaves out
 */
public record JobDefinition(
        SourceLayout source,
        long horizonMillis,
        SerializableSupplier<RowSchema> columns,
        List<Entity> entities,
        List<Cohort> cohorts,
        List<ChainSpec> chains,
        ErasedEntities erased) {

    /**
     * Views that a running job did not know. They cannot join its stages, whose offsets are past what the new views have
     * to see, so they get a pipeline of their own beside the main one: another reader from the source's beginning,
     * routers, keyed stages, watermarks, cuts. Its operators are named by the number, for as long as the cohort lives.
     *
     * @param number from the registry, never given out twice for a source; at least 1
     * @param job what it computes, without cohorts; its source may be declared otherwise than the main one's
     */
    public record Cohort(long number, JobDefinition job) {
        public Cohort {
            Objects.requireNonNull(job, "job");
            if (number < 1) {
                throw new IllegalArgumentException("cohorts are numbered from 1, got " + number);
            }
            if (!job.cohorts().isEmpty() || job.entities().isEmpty()) {
                throw new IllegalArgumentException("cohort " + number + " must have views and no cohorts of its own");
            }
        }

        /** What the names of its operators and stages end with. */
        public String suffix() {
            return "@" + number;
        }
    }

    /** A job that leaves nobody out. */
    public JobDefinition(
            SourceLayout source,
            long horizonMillis,
            SerializableSupplier<RowSchema> columns,
            List<Entity> entities,
            List<Cohort> cohorts,
            List<ChainSpec> chains) {
        this(source, horizonMillis, columns, entities, cohorts, chains, ErasedEntities.NONE);
    }

    /** A job without cohorts. */
    public JobDefinition(
            SourceLayout source, long horizonMillis, SerializableSupplier<RowSchema> columns, List<Entity> entities) {
        this(source, horizonMillis, columns, entities, List.of(), List.of());
    }

    /** A job of a source that is no changelog. */
    public JobDefinition(
            SourceLayout source,
            long horizonMillis,
            SerializableSupplier<RowSchema> columns,
            List<Entity> entities,
            List<Cohort> cohorts) {
        this(source, horizonMillis, columns, entities, cohorts, List.of());
    }

    /**
     * Views that share their key.
     *
     * @param columns the key columns, in order
     * @param views compiles the views with their lineages
     */
    public record Entity(List<String> columns, SerializableSupplier<List<StageView>> views) {
        public Entity {
            columns = List.copyOf(columns);
            Objects.requireNonNull(views, "views");
        }

        /** The stage's name. */
        public String stage() {
            return String.join("+", columns);
        }
    }

    public JobDefinition {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(erased, "erased");
        entities = List.copyOf(entities);
        cohorts = List.copyOf(cohorts);
        chains = List.copyOf(chains);
        if (horizonMillis < 0) {
            throw new IllegalArgumentException("a horizon is not negative, got " + horizonMillis + " ms");
        }
        if (entities.isEmpty() && cohorts.isEmpty() && chains.isEmpty()) {
            throw new IllegalArgumentException(
                    "source '" + source.source() + "' has no views: apply a FeatureView before starting its job");
        }
    }

    /**
     * The same job without the entities that are erased.
     *
     * @throws IllegalArgumentException if one may be in a source whose rows are remembered by other keys than those of its
     *     views: they could not be kept away
     */
    public JobDefinition without(ErasedEntities everywhere) {
        boolean remembers = source.isOfChanges() || ofChangelogs();
        if (remembers && everywhere.concern(columns.get())) {
            throw new IllegalArgumentException(
                    "source '" + source.source() + "' has the columns of an erased entity, but"
                            + " is a " + (ofChangelogs() ? "view's changelog" : "change stream")
                            + ": erased entities cannot be kept out of it; rename the column, or erase it where the source comes"
                            + " from");
        }
        return new JobDefinition(source, horizonMillis, columns, entities, cohorts, chains, everywhere);
    }

    /** Whether the source is a changelog: then each definition of its upstream has a topic of its own. */
    boolean ofChangelogs() {
        return !chains.isEmpty();
    }

    /** Whether there is a main pipeline. Its reader cannot change topics, so it ends with the last of its views. */
    boolean hasMain() {
        return !ofChangelogs() || !entities.isEmpty();
    }

    /** The pipelines of cohorts that read other topics than the main one, the first of each. */
    List<JobDefinition> otherTopics() {
        Map<Channels, JobDefinition> byTopics = new LinkedHashMap<>();
        for (Cohort cohort : cohorts) {
            byTopics.putIfAbsent(cohort.job().source().channels(), cohort.job());
        }
        if (hasMain()) {
            byTopics.remove(source.channels());
        }
        return List.copyOf(byTopics.values());
    }
}
