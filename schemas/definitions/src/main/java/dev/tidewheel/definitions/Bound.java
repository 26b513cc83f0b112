package dev.tidewheel.definitions;

import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.List;
import java.util.Optional;

/** Definitions with what was compiled of them. A plan is missing where something is wrong. */
final class Bound {
    private Bound() {}

    /**
     * A source and its columns.
     *
     * @param own by input, the columns of its topic's records
     */
    record BoundSource(Source source, Columns columns, List<Columns> own) {
        BoundSource {
            own = List.copyOf(own);
        }
    }

    /**
     * A view.
     *
     * @param definition empty if something is wrong with it
     * @param features the names of its features as far as they are known
     * @param plan empty if something is wrong with it
     */
    record BoundView(Optional<FeatureView> definition, List<String> features, Optional<ViewPlan> plan) {}

    /** A service. */
    record BoundService(FeatureService definition, Optional<ServicePlan> plan) {}
}
