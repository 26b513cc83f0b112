package dev.tidewheel.history.parity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.ServiceHistories;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Former versions of a service, as the registry has pinned them for the models that were trained on them. Feed it the
 * registry, in the order of the topic. Not thread-safe.
 */
public final class PinnedServices {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedServices.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> NEEDED = Set.of("Source", "FeatureView", "FeatureService");

    private final String service;
    private final Map<String, JsonNode> byHash = new TreeMap<>();

    public PinnedServices(String service) {
        this.service = service;
    }

    /** Takes a record of the registry; what is no pin of the service is passed over. */
    public void add(Definition definition) {
        if (!definition.getKind().equals(ServingRecords.SERVICE_PIN)) {
            return;
        }
        try {
            JsonNode entries = JSON.readTree(definition.getBody());
            for (JsonNode entry : entries) {
                if (entry.path("kind").asText().equals("FeatureService")
                        && entry.path("name").asText().equals(service)) {
                    byHash.put(definition.getName(), entries);
                }
            }
        } catch (JsonProcessingException e) {
            LOG.error("{} {} is no JSON; its vectors cannot be judged", definition.getKind(), definition.getName(), e);
        }
    }

    /**
     * The service in force, then those pinned that differ from it. A pin that cannot be compiled is left out, and so its
     * vectors are unexplained.
     *
     * @param reader gives the raw rows of a source; asked once per pin, so it had better keep them
     */
    public List<JudgedService> with(JudgedService inForce, Function<Source, ChangeHistory> reader) {
        List<JudgedService> services = new ArrayList<>(List.of(inForce));
        byHash.forEach((hash, entries) -> {
            if (hash.equals(inForce.hash())) {
                return;
            }
            try {
                Definitions definitions = Definitions.fromRegistry(bodies(entries));
                services.add(new JudgedService(
                        definitions.servicePlan(service), hash, ServiceHistories.read(definitions, service, reader)));
            } catch (IllegalArgumentException e) {
                LOG.error(
                        "service {} as pinned by {} cannot be compiled; its vectors are unexplained", service, hash, e);
            }
        });
        return List.copyOf(services);
    }

    private static List<String> bodies(JsonNode entries) {
        List<String> bodies = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (NEEDED.contains(entry.path("kind").asText())) {
                bodies.add(entry.path("body").asText());
            }
        }
        return bodies;
    }
}
