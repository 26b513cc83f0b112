package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.shape.Shape;
import dev.tidewheel.definitions.yaml.Yaml;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Definitions as canonical JSON, each complete in itself. */
final class CanonicalBodies {
    private final Map<String, Yaml> schemas;
    private final Map<String, Upstream> upstreams;

    /**
     * @param schemas of sources, by their names
     * @param upstreams of changelogs, by the names of their sources
     */
    CanonicalBodies(Map<String, Yaml> schemas, Map<String, Upstream> upstreams) {
        this.schemas = schemas;
        this.upstreams = upstreams;
    }

    /** All that is required of a document; what is optional beside the spec, such as tests, is no part of its meaning. */
    String of(Draft draft) {
        Map<String, String> members = new TreeMap<>();
        for (Shape.Field field : draft.kind().document().fields()) {
            if (field.required()) {
                Yaml value = draft.document().get(field.key()).orElseThrow();
                members.put(field.key(), CanonicalJson.of(value, field.shape()));
            }
        }
        if (draft.kind() == Kind.SOURCE) {
            members.put("spec", source(draft));
        } else if (draft.kind() == Kind.FEATURE_VIEW) {
            members.put(
                    "spec",
                    CanonicalJson.of(
                            ChangelogSources.resolved(draft.spec().node()), Kind.FEATURE_VIEW.specification()));
        }
        return CanonicalJson.object(members);
    }

    private String source(Draft draft) {
        Yaml.Mapping spec = inlined(draft);
        Map<String, String> members = new TreeMap<>();
        for (Shape.Field field : Kind.SOURCE.specification().fields()) {
            spec.get(field.key()).ifPresent(value -> members.put(field.key(), CanonicalJson.of(value, field.shape())));
        }
        Upstream upstream = upstreams.get(draft.name());
        if (upstream != null) {
            members.put(ChangelogSources.UPSTREAM, ChangelogSources.written(upstream));
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
