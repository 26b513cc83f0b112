package dev.tidewheel.workbench.erase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.workbench.WorkbenchException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Profiles of training sets name the commonest values of segments, and the registry has them for as long as the version. */
final class SegmentProfiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SegmentProfiles() {}

    /** The names of the profiles that have all these values, sorted. */
    static List<String> naming(Map<String, Definition> registry, Collection<String> values) {
        return registry.values().stream()
                .filter(record -> record.getKind().equals(ServingRecords.PROFILE))
                .filter(record -> values(record).containsAll(values))
                .map(Definition::getName)
                .sorted()
                .toList();
    }

    private static Set<String> values(Definition profile) {
        Set<String> values = new HashSet<>();
        String body = profile.getBody();
        try {
            for (JsonNode segment : JSON.readTree(body == null ? "{}" : body).path("segments")) {
                segment.path("values").forEach(value -> values.add(value.asText()));
            }
        } catch (JsonProcessingException e) {
            throw new WorkbenchException(
                    "profile " + profile.getName() + " in the registry is no JSON; publish its version again", e);
        }
        return values;
    }
}
