package dev.tidewheel.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.definitions.Definitions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The registry's entries that a version is trained by: a JSON array of objects with kind, name, hash, body (canonical JSON
 * as text) and lineage; further members are for others. A file and not the registry itself, so that a training that is
 * started again uses what it was first given.
 *
 * @param definitions loaded from the bodies, with nothing wrong
 * @param hashes by kind/name
 * @param lineages of the views, by name
 */
record DefinitionsFile(Definitions definitions, Map<String, String> hashes, Map<String, Long> lineages) {

    private static final JsonMapper JSON = new JsonMapper();

    DefinitionsFile {
        hashes = Map.copyOf(hashes);
        lineages = Map.copyOf(lineages);
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it is missing or no JSON
     * @throws IllegalArgumentException if it is something else
     * @throws dev.tidewheel.definitions.DefinitionsException if something is wrong with the definitions
     */
    static DefinitionsFile read(Path file) throws IOException {
        List<String> bodies = new ArrayList<>();
        Map<String, String> hashes = new TreeMap<>();
        Map<String, Long> lineages = new TreeMap<>();
        for (JsonNode entry : JSON.readTree(file.toFile())) {
            String name = text(file, entry, "name");
            bodies.add(text(file, entry, "body"));
            hashes.put(text(file, entry, "kind") + "/" + name, text(file, entry, "hash"));
            if (text(file, entry, "kind").equals("FeatureView")) {
                lineages.put(name, entry.path("lineage").longValue());
            }
        }
        return new DefinitionsFile(Definitions.fromRegistry(bodies).orThrow(), hashes, lineages);
    }

    /** The hash that the registry had for a service. */
    String serviceHash(String service) {
        String hash = hashes.get("FeatureService/" + service);
        if (hash == null) {
            throw new IllegalArgumentException("the definitions have no feature service '" + service + "'");
        }
        return hash;
    }

    private static String text(Path file, JsonNode entry, String field) {
        if (!entry.path(field).isTextual()) {
            throw new IllegalArgumentException(
                    file + " is no array of registry entries: one has no text '" + field + "'");
        }
        return entry.path(field).textValue();
    }
}
