package dev.tidewheel.definitions;

import dev.tidewheel.feature.row.Column;
import java.util.List;
import java.util.Objects;

/**
 * A definition as the registry holds it.
 *
 * @param kind such as {@code FeatureView}
 * @param name unique among its kind
 * @param hash {@code sha256:…} of the body; a view's covers its source too, a service's its views and their sources
 * @param body canonical JSON, complete in itself; without tests
 * @param columns a service's vector, in order; empty for the others
 */
public record RegistryEntry(String kind, String name, String hash, String body, List<Column> columns) {
    public RegistryEntry {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(body, "body");
        columns = List.copyOf(columns);
    }

    /** The key under which the registry holds it. */
    public String key() {
        return kind + "/" + name;
    }
}
