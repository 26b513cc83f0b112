package dev.tidewheel.sidecar;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.records.Definition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From the registry's definitions to the plan of a service, by the classes that check and run them everywhere. */
final class ServiceCompiler {
    private static final Set<String> NEEDED = Set.of("Source", "FeatureView", "FeatureService");

    private ServiceCompiler() {}

    /**
     * Other definitions of the registry may be broken; this service must not be.
     *
     * @throws IllegalArgumentException if it has no plan, with the reason
     */
    static ServicePlan compile(Map<String, Definition> definitions, String service) {
        List<String> bodies = definitions.values().stream()
                .filter(definition -> NEEDED.contains(definition.getKind()))
                .map(Definition::getBody)
                .toList();
        Definitions loaded = Definitions.fromRegistry(bodies);
        try {
            return loaded.servicePlan(service);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + "; problems: " + loaded.problems(), e);
        }
    }
}
