package dev.tidewheel.jobs.registered;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.jobs.tile.StageView;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * The registered views of one entity.
 *
 * @param sourceBody canonical JSON of their source
 * @param views in the order of their names
 */
record RegisteredViews(String sourceBody, ArrayList<RegisteredView> views)
        implements SerializableSupplier<List<StageView>> {

    /**
     * One view.
     *
     * @param name its name
     * @param lineage from the registry
     * @param body canonical JSON
     */
    record RegisteredView(String name, long lineage, String body) implements Serializable {
        RegisteredView {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(body, "body");
        }
    }

    RegisteredViews {
        Objects.requireNonNull(sourceBody, "sourceBody");
        views = new ArrayList<>(views);
    }

    /** Each compiled apart: a view may stand here in two lineages, under one name. */
    @Override
    public List<StageView> get() {
        return views.stream().map(this::compile).toList();
    }

    private StageView compile(RegisteredView view) {
        Definitions definitions =
                Definitions.fromRegistry(List.of(sourceBody, view.body())).orThrow();
        return new StageView(definitions.viewPlan(view.name()), view.lineage());
    }
}
