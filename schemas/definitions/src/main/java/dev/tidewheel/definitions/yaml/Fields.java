package dev.tidewheel.definitions.yaml;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.Yaml.Sequence;
import java.util.List;
import java.util.Optional;

/** Typed access to a mapping that was held against its shape: asking for what the shape does not promise is a bug. */
public record Fields(Mapping node) {

    /** Where the mapping begins. */
    public Place place() {
        return node.place();
    }

    /** A required value. */
    public Scalar scalar(String key) {
        return (Scalar) required(key);
    }

    /** The text of a required value. */
    public String text(String key) {
        return scalar(key).text();
    }

    /** An optional value. */
    public Optional<Scalar> maybe(String key) {
        return node.get(key).map(Scalar.class::cast);
    }

    /** A required mapping. */
    public Fields fields(String key) {
        return new Fields((Mapping) required(key));
    }

    /** An optional mapping. */
    public Optional<Fields> struct(String key) {
        return node.get(key).map(value -> new Fields((Mapping) value));
    }

    /** The values of a list; none if it is not written. */
    public List<Scalar> scalars(String key) {
        return items(key).stream().map(Scalar.class::cast).toList();
    }

    /** The values or mappings of a list; none if it is not written. */
    public List<Yaml> nodes(String key) {
        return items(key);
    }

    /** The mappings of a list; none if it is not written. */
    public List<Fields> structs(String key) {
        return items(key).stream().map(item -> new Fields((Mapping) item)).toList();
    }

    /** The entries of a mapping of names to values; none if it is not written. */
    public List<Entry> entries(String key) {
        return node.get(key).map(value -> ((Mapping) value).entries()).orElse(List.of());
    }

    /** A required node of any type. */
    public Yaml required(String key) {
        return node.get(key).orElseThrow(() -> new IllegalStateException(node.place() + " has no " + key));
    }

    private List<Yaml> items(String key) {
        return node.get(key).map(value -> ((Sequence) value).items()).orElse(List.of());
    }
}
