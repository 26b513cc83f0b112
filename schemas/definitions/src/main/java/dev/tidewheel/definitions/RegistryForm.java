package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** From checked definitions to what the registry holds. */
final class RegistryForm {
    private final Definitions definitions;
    private final List<Draft> drafts;
    private final CanonicalBodies bodies;
    private final Map<String, String> hashes = new TreeMap<>();

    RegistryForm(Definitions definitions, List<Draft> drafts, CanonicalBodies bodies) {
        this.definitions = definitions;
        this.drafts = drafts;
        this.bodies = bodies;
    }

    /** Those first that others refer to. */
    List<RegistryEntry> entries() {
        List<RegistryEntry> entries = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Draft draft : drafts) {
                if (draft.kind() == kind) {
                    RegistryEntry entry = entry(draft);
                    hashes.put(entry.key(), CanonicalJson.quoted(entry.hash()));
                    entries.add(entry);
                }
            }
        }
        return List.copyOf(entries);
    }

    private RegistryEntry entry(Draft draft) {
        String body = bodies.of(draft);
        String kind = draft.kind().word();
        return switch (draft.kind()) {
            case FEATURE_VIEW ->
                new RegistryEntry(kind, draft.name(), covering(body, usedByView(draft.name())), body, List.of());
            case FEATURE_SERVICE ->
                new RegistryEntry(
                        kind,
                        draft.name(),
                        covering(body, usedByService(draft.name())),
                        body,
                        definitions.servicePlan(draft.name()).columns().columns());
            case SOURCE -> new RegistryEntry(kind, draft.name(), sourceHash(draft.name(), body), body, List.of());
            case MODEL -> new RegistryEntry(kind, draft.name(), modelHash(draft.name(), body), body, List.of());
            default -> new RegistryEntry(kind, draft.name(), CanonicalJson.hash(body), body, List.of());
        };
    }

    /** Whatever changes the values of what is defined changes its hash: its own body, and what it is computed from. */
    private static String covering(String body, Map<String, String> uses) {
        return CanonicalJson.hash(CanonicalJson.object(Map.of("definition", body, "uses", CanonicalJson.object(uses))));
    }

    /** A changelog is computed, and so are a union's columns: by functions, too. */
    private String sourceHash(String source, String body) {
        Map<String, String> uses = new TreeMap<>();
        definitions
                .upstream(source)
                .ifPresent(upstream -> upstream.path()
                        .forEach(view -> uses.putAll(versionsOf(view.plan().functions()))));
        Source defined = definitions.source(source);
        if (defined.isUnion()) {
            defined.inputs().stream()
                    .map(input -> input.rows(defined.columns()).functions())
                    .forEach(functions -> uses.putAll(versionsOf(List.copyOf(functions))));
        }
        return uses.isEmpty() ? CanonicalJson.hash(body) : covering(body, uses);
    }

    private Map<String, String> usedByView(String view) {
        Map<String, String> uses = hashesOf(List.of(sourceOf(view)));
        uses.putAll(versionsOf(definitions.viewPlan(view).functions()));
        return uses;
    }

    private Map<String, String> usedByService(String service) {
        List<String> keys = new ArrayList<>();
        for (FeatureService.ViewUse use : definitions.service(service).views()) {
            keys.add(Kind.FEATURE_VIEW.word() + "/" + use.view());
            keys.add(sourceOf(use.view()));
        }
        Map<String, String> uses = hashesOf(keys);
        definitions
                .servicePlan(service)
                .onDemand()
                .forEach(expression -> uses.putAll(versionsOf(expression.functions())));
        return uses;
    }

    private String modelHash(String model, String body) {
        ModelPlan plan = definitions.modelPlan(model);
        Map<String, String> uses = versionsOf(plan.label().functions());
        plan.requests().forEach(expression -> uses.putAll(versionsOf(expression.functions())));
        return uses.isEmpty() ? CanonicalJson.hash(body) : covering(body, uses);
    }

    /** Registered functions are code: their version is the only thing that says which. */
    private static Map<String, String> versionsOf(List<String> functions) {
        Map<String, String> versions = new TreeMap<>();
        functions.forEach(function -> {
            int at = function.lastIndexOf('@');
            versions.put("Function/" + function.substring(0, at), function.substring(at + 1));
        });
        return versions;
    }

    private String sourceOf(String view) {
        return Kind.SOURCE.word() + "/" + definitions.view(view).source();
    }

    private Map<String, String> hashesOf(List<String> keys) {
        Map<String, String> found = new TreeMap<>();
        keys.forEach(key -> found.put(key, Objects.requireNonNull(hashes.get(key), key)));
        return found;
    }
}
