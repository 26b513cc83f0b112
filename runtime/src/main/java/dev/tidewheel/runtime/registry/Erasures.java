package dev.tidewheel.runtime.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ErasureKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The registry's list of erased entities. A record names the key columns and a {@linkplain ErasureKey keyed digest} of
 * their values, never the values. It is never removed: whoever reads a source again, from wherever, leaves the entity out.
 *
 * <p>All methods are pure.
 */
public final class Erasures {
    /** One entity, by its digest. */
    public static final String KIND = "Erasure";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Erasures() {}

    /**
     * An erased entity: every row of any source that has all the columns, with these values.
     *
     * @param columns sorted
     * @param digest of their values
     * @param keyId which key made the digest, see {@link ErasureKey#id()}
     */
    public record Erasure(List<String> columns, String digest, String keyId) {
        public Erasure {
            columns = List.copyOf(columns);
            if (columns.isEmpty()) {
                throw new IllegalArgumentException("an erased entity has at least one key column");
            }
        }
    }

    /**
     * The record of an entity that is erased.
     *
     * @param entity its key columns with their canonical texts, see {@code EntityKeys.text}
     * @param now epoch milliseconds
     */
    public static Definition record(ErasureKey key, SortedMap<String, String> entity, long now) {
        List<String> columns = List.copyOf(entity.keySet());
        ObjectNode body = JSON.createObjectNode();
        columns.forEach(body.putArray("columns")::add);
        body.put("keyId", key.id());
        String text = body.toString();
        return new Definition(
                KIND,
                key.digests().of(columns, List.copyOf(entity.values())),
                ServingRecords.hash(text),
                text,
                0L,
                List.of(),
                now);
    }

    /** All of a snapshot of the registry, by their digests. */
    public static List<Erasure> all(Map<String, Definition> snapshot) {
        return snapshot.values().stream()
                .filter(definition -> definition.getKind().equals(KIND))
                .map(Erasures::read)
                .toList();
    }

    private static Erasure read(Definition record) {
        try {
            JsonNode body = JSON.readTree(record.getBody());
            List<String> columns = new ArrayList<>();
            body.path("columns").forEach(column -> columns.add(column.asText()));
            return new Erasure(columns, record.getName(), body.path("keyId").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    Registry.key(KIND, record.getName()) + " in the registry is not JSON: " + e.getOriginalMessage(),
                    e);
        }
    }
}
