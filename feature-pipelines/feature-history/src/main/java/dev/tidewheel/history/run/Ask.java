package dev.tidewheel.history.run;

import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.history.questions.Labels;
import dev.tidewheel.history.questions.TableColumns;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.training.TrainingSetManifest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Who asks. */
public sealed interface Ask {

    /** The events of a model's source. */
    record Model(ModelPlan plan) implements Ask {
        public Model {
            Objects.requireNonNull(plan, "plan");
        }
    }

    /**
     * The rows of a file or table.
     *
     * @param labels if they stand in a table of their own
     * @param entities the service's, in its order
     */
    record Rows(RowTable table, TableColumns columns, Optional<Labels> labels, List<String> entities) implements Ask {
        public Rows {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(columns, "columns");
            Objects.requireNonNull(labels, "labels");
            entities = List.copyOf(entities);
        }

        /** The tables among them, by what a manifest calls them. */
        Map<String, Origin.Snapshot> tables() {
            Map<String, Origin.Snapshot> tables = new TreeMap<>();
            if (table.origin() instanceof Origin.Snapshot snapshot) {
                tables.put(TrainingSetManifest.QUESTIONS, snapshot);
            }
            if (labels.isPresent() && labels.get().table().origin() instanceof Origin.Snapshot snapshot) {
                tables.put(TrainingSetManifest.LABELS, snapshot);
            }
            return tables;
        }
    }

    /**
     * Every key at some moments.
     *
     * @param entities the service's, in its order
     */
    record Keys(List<Instant> times, List<String> entities) implements Ask {
        public Keys {
            times = List.copyOf(times);
            entities = List.copyOf(entities);
        }
    }
}
