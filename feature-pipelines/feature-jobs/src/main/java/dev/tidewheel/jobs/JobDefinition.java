package dev.tidewheel.jobs;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.tile.StageView;
import java.util.List;
import java.util.Objects;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * What one feature job computes: a source and the views on it, grouped by entity. What is compiled (columns, plans) is
 * given as suppliers that travel in the job graph and compile where they are needed.
 *
 * @param source how to read the topic
 * @param horizonMillis changes known later than this after their event are late
 * @param columns the source's columns
 * @param entities one keyed stage each
 */
public record JobDefinition(
        SourceLayout source, long horizonMillis, SerializableSupplier<RowSchema> columns, List<Entity> entities) {

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
        entities = List.copyOf(entities);
        if (horizonMillis < 0) {
            throw new IllegalArgumentException("a horizon is not negative, got " + horizonMillis + " ms");
        }
        if (entities.isEmpty()) {
            throw new IllegalArgumentException(
                    "source '" + source.source() + "' has no views: apply a FeatureView before starting its job");
        }
    }
}
