package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.shape.Shape;
import dev.tidewheel.definitions.yaml.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Definitions as canonical JSON, each complete in itself. */
final class CanonicalBodies {
    private final List<Draft> drafts;
    private final Map<String, Yaml> schemas;
    private final Map<String, Upstream> upstreams;

    /**
     * @param drafts among which a union's members are found
     * @param schemas of sources, by their names
     * @param upstreams of changelogs, by the names of their sources
     */
    CanonicalBodies(List<Draft> drafts, Map<String, Yaml> schemas, Map<String, Upstream> upstreams) {
        this.drafts = drafts;
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
            spec.get(field.key())
                    .filter(value -> !HandoverReader.isDefault(field.key(), value))
                    .ifPresent(value -> members.put(field.key(), CanonicalJson.of(value, field.shape())));
        }
        Upstream upstream = upstreams.get(draft.name());
        if (upstream != null) {
            members.put(ChangelogSources.UPSTREAM, ChangelogSources.written(upstream));
        }
        return CanonicalJson.object(members);
    }

    /** The source's spec with the schema where its file's name stood, and its members where their names stood. */
    private Yaml.Mapping inlined(Draft draft) {
        return replaced(draft.spec().node(), (key, value) -> switch (key) {
            case "schema" -> schemas.getOrDefault(draft.name(), value);
            case "union" ->
                new Yaml.Sequence(
                        ((Yaml.Sequence) value)
                                .items().stream().map(this::member).toList(),
                        value.place());
            default -> value;
        });
    }

    /** Whole; canonical JSON leaves out what is no business of the union, because its shape has no place for it. */
    private Yaml member(Yaml item) {
        return replaced(
                (Yaml.Mapping) item,
                (key, value) -> key.equals("source") && value instanceof Yaml.Scalar name ? member(name) : value);
    }

    private Yaml member(Yaml.Scalar name) {
        Draft member = drafts.stream()
                .filter(draft -> draft.kind() == Kind.SOURCE && draft.name().equals(name.text()))
                .findFirst()
                .orElseThrow();
        List<Yaml.Entry> entries = new ArrayList<>(inlined(member).entries());
        Yaml.Scalar key = new Yaml.Scalar("name", Yaml.Style.PLAIN, "name", name.place());
        entries.add(new Yaml.Entry(key, name));
        return new Yaml.Mapping(entries, name.place());
    }

    private static Yaml.Mapping replaced(Yaml.Mapping in, BiFunction<String, Yaml, Yaml> value) {
        return new Yaml.Mapping(
                in.entries().stream()
                        .map(entry -> new Yaml.Entry(
                                entry.key(), value.apply(entry.key().text(), entry.value())))
                        .toList(),
                in.place());
    }
}
