package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan.OnDemand;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a model is asked with.
 *
 * @param name its name
 * @param entities the keys that a request brings
 * @param request what else a request brings
 * @param views what is read
 * @param onDemand what is computed from both
 */
public record FeatureService(
        String name, List<String> entities, RowSchema request, List<ViewUse> views, List<OnDemand> onDemand)
        implements Definition {
    public FeatureService {
        Objects.requireNonNull(name, "name");
        entities = List.copyOf(entities);
        Objects.requireNonNull(request, "request");
        views = List.copyOf(views);
        onDemand = List.copyOf(onDemand);
    }

    /**
     * One view of the service.
     *
     * @param view its name
     * @param features the features that are served, in order
     * @param keys for each of the view's entity columns that is filled from an entity of another name, that entity
     */
    public record ViewUse(String view, List<String> features, Map<String, String> keys) {
        public ViewUse {
            Objects.requireNonNull(view, "view");
            features = List.copyOf(features);
            keys = Map.copyOf(keys);
        }
    }

    @Override
    public Kind kind() {
        return Kind.FEATURE_SERVICE;
    }
}
