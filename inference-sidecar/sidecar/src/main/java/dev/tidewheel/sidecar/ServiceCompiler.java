package dev.tidewheel.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From the registry's definitions to what it takes to serve a version of a model, by the classes that check and run
 * definitions everywhere. A version is served with the service that it was trained on: as it was pinned, or without a pin
 * the one in force if it has that hash. Other definitions of the registry may be broken; those needed must not be.
 */
final class ServiceCompiler {
    private static final Set<String> NEEDED = Set.of("Source", "FeatureView", "FeatureService");

    private final Map<String, Definition> definitions;
    private final String model;

    /**
     * @param definitions all of the registry
     * @param model the model whose versions are asked for
     */
    ServiceCompiler(Map<String, Definition> definitions, String model) {
        this.definitions = definitions;
        this.model = model;
    }

    /** A service's plan, and which lineage of its views to read. */
    private record Compiled(ServicePlan plan, Map<String, Long> lineages) {}

    /** @throws IllegalArgumentException if a part cannot be served, with the reason */
    Traffic traffic(TrafficSpec spec) {
        return Traffic.of(
                spec.generation(),
                serving(spec.champion()),
                spec.shadow().map(this::serving),
                spec.canary().map(canary -> new Traffic.Canary(serving(canary.version()), canary.share())));
    }

    /** @throws IllegalArgumentException if it cannot be served, with the reason */
    Serving serving(String version) {
        String name = model + "." + version;
        String what = "ModelVersion " + name;
        JsonNode registered = RegistryJson.body(definitions, ServingRecords.MODEL_VERSION, name);
        String service = RegistryJson.text(registered, "service", what);
        String trainedOn = RegistryJson.text(registered, "serviceHash", what);
        Compiled compiled = service(service, trainedOn, what);
        List<String> inputs = new ArrayList<>();
        registered.path("inputs").forEach(input -> inputs.add(input.asText()));
        return new Serving(
                model,
                version,
                RegistryJson.text(registered, "artifactDigest", what),
                compiled.plan(),
                trainedOn,
                Serving.entitiesOf(compiled.plan()),
                compiled.lineages(),
                Serving.inputSlots(compiled.plan().columns(), inputs));
    }

    /** The pin first: it is whole, while definitions in force may be half of a change that is just being published. */
    private Compiled service(String service, String trainedOn, String what) {
        if (definitions.containsKey(Registry.key(ServingRecords.SERVICE_PIN, trainedOn))) {
            return ofPin(service, trainedOn);
        }
        Definition inForce = definitions.get(Registry.key("FeatureService", service));
        if (inForce != null && inForce.getHash().equals(trainedOn)) {
            return ofRegistry(service);
        }
        throw new IllegalArgumentException(what + " was trained on service " + service + " with hash " + trainedOn
                + ", the registry has " + (inForce == null ? "none" : inForce.getHash()) + " and no pin of the other");
    }

    private Compiled ofRegistry(String service) {
        List<String> bodies = definitions.values().stream()
                .filter(definition -> NEEDED.contains(definition.getKind()))
                .map(Definition::getBody)
                .toList();
        ServicePlan plan = plan(bodies, service);
        Map<String, Long> lineages = new HashMap<>();
        for (ServicePlan.ViewRead read : plan.reads()) {
            String view = read.view().spec().name();
            lineages.put(
                    view, RegistryJson.require(definitions, "FeatureView", view).getLineage());
        }
        return new Compiled(plan, lineages);
    }

    private Compiled ofPin(String service, String trainedOn) {
        String what = ServingRecords.SERVICE_PIN + " " + trainedOn;
        List<String> bodies = new ArrayList<>();
        Map<String, Long> lineages = new HashMap<>();
        boolean found = false;
        for (JsonNode entry : RegistryJson.body(definitions, ServingRecords.SERVICE_PIN, trainedOn)) {
            String kind = RegistryJson.text(entry, "kind", what);
            String name = RegistryJson.text(entry, "name", what);
            String hash = RegistryJson.text(entry, "hash", what);
            if (NEEDED.contains(kind)) {
                JsonNode body = entry.path("body");
                bodies.add(body.isTextual() ? body.asText() : body.toString());
            }
            if (kind.equals("FeatureView")) {
                lineages.put(name, lineage(name, hash, entry.path("lineage").asLong()));
            }
            found |= kind.equals("FeatureService") && name.equals(service) && hash.equals(trainedOn);
        }
        if (!found) {
            throw new IllegalArgumentException(what + " does not hold service " + service + " with that hash");
        }
        return new Compiled(plan(bodies, service), lineages);
    }

    /** A view that is still in force as it was pinned is read under the lineage in force: the job fills that one. */
    private long lineage(String view, String hash, long pinned) {
        Definition inForce = definitions.get(Registry.key("FeatureView", view));
        return inForce != null && inForce.getHash().equals(hash) ? inForce.getLineage() : pinned;
    }

    private static ServicePlan plan(Collection<String> bodies, String service) {
        Definitions loaded = Definitions.fromRegistry(bodies);
        try {
            return loaded.servicePlan(service);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + "; problems: " + loaded.problems(), e);
        }
    }
}
