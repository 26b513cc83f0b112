package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.shape.Shape;
import dev.tidewheel.definitions.yaml.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** From checked definitions to what the registry holds. */
final class RegistryForm {
    private final Definitions definitions;
    private final List<Draft> drafts;
    private final Map<String, Yaml> schemas;
    private final Map<String, String> hashes = new TreeMap<>();

    RegistryForm(Definitions definitions, List<Draft> drafts, Map<String, Yaml> schemas) {
        this.definitions = definitions;
        this.drafts = drafts;
        this.schemas = schemas;
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
        String body = body(draft);
        String kind = draft.kind().word();
        if (draft.kind() != Kind.FEATURE_SERVICE) {
            return new RegistryEntry(kind, draft.name(), CanonicalJson.hash(body), body, List.of());
        }
        String covered =
                CanonicalJson.object(Map.of("definition", body, "uses", CanonicalJson.object(uses(draft.name()))));
        return new RegistryEntry(
                kind,
                draft.name(),
                CanonicalJson.hash(covered),
                body,
                definitions.servicePlan(draft.name()).columns().columns());
    }

    /** The hashes of a service's views and of their sources: whatever changes its values changes its own hash. */
    private Map<String, String> uses(String service) {
        Map<String, String> uses = new TreeMap<>();
        for (FeatureService.ViewUse use : definitions.service(service).views()) {
            String source = definitions.view(use.view()).source();
            for (String key : List.of(Kind.FEATURE_VIEW.word() + "/" + use.view(), Kind.SOURCE.word() + "/" + source)) {
                uses.put(key, Objects.requireNonNull(hashes.get(key), key));
            }
        }
        return uses;
    }

    /** All that is required of a document; what is optional beside the spec, such as tests, is no part of its meaning. */
    private String body(Draft draft) {
        Map<String, String> members = new TreeMap<>();
        for (Shape.Field field : draft.kind().document().fields()) {
            if (field.required()) {
                Yaml value = draft.document().get(field.key()).orElseThrow();
                members.put(field.key(), CanonicalJson.of(value, field.shape()));
            }
        }
        if (draft.kind() == Kind.SOURCE) {
            members.put("spec", CanonicalJson.of(inlined(draft), draft.kind().specification()));
        }
        return CanonicalJson.object(members);
    }

    /** The source's spec with the schema where its file's name stood. */
    private Yaml.Mapping inlined(Draft draft) {
        List<Yaml.Entry> entries = draft.spec().node().entries().stream()
                .map(entry -> entry.key().text().equals("schema")
                        ? new Yaml.Entry(entry.key(), schemas.getOrDefault(draft.name(), entry.value()))
                        : entry)
                .toList();
        return new Yaml.Mapping(entries, draft.spec().place());
    }
}
