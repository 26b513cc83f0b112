package dev.tidewheel.workbench.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who would miss a lineage. Reads the registry as sidecars do: a pin names the lineages that a version is served with. */
public final class LineageNeeds {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Definition> registry;

    public LineageNeeds(Map<String, Definition> registry) {
        this.registry = registry;
    }

    /**
     * Somebody who needs a lineage.
     *
     * @param who the view itself or a service, by kind/name; or a version of a model, {@code model.version}
     * @param serves whether readers ask for it now; if not, it is a version that may be asked for again, as by a rollback
     */
    public record Need(String who, boolean serves) {
        /** Whether somebody may decide to do without it. */
        public boolean waivable() {
            return !serves || who.startsWith("FeatureView/");
        }
    }

    /** All who need a lineage, those that serve first. */
    public List<Need> of(ViewLineage lineage) {
        List<Need> needs = new ArrayList<>();
        String pointer = Registry.key("FeatureView", lineage.view());
        @Nullable Definition inForce = registry.get(pointer);
        if (inForce != null && inForce.getLineage() == lineage.lineage()) {
            needs.add(new Need(pointer, true));
            services(lineage.view()).forEach(service -> needs.add(new Need(service, true)));
        }
        Set<String> serving = serving();
        List<String> versions = versions(lineage);
        versions.stream().filter(serving::contains).forEach(version -> needs.add(new Need(version, true)));
        versions.stream()
                .filter(version -> !serving.contains(version))
                .forEach(version -> needs.add(new Need(version, false)));
        return List.copyOf(needs);
    }

    /** The services in force that name a view. */
    private List<String> services(String view) {
        List<String> services = new ArrayList<>();
        for (Definition service : ofKind("FeatureService")) {
            if (names(service, view)) {
                services.add(Registry.key("FeatureService", service.getName()));
            }
        }
        return services;
    }

    private static boolean names(Definition service, String view) {
        for (JsonNode use : body(service).path("spec").path("views")) {
            if (use.path("view").asText().equals(view)) {
                return true;
            }
        }
        return false;
    }

    /** The versions of models whose service, pinned or in force, reads the lineage. */
    private List<String> versions(ViewLineage lineage) {
        List<String> versions = new ArrayList<>();
        for (Definition version : ofKind(ServingRecords.MODEL_VERSION)) {
            JsonNode body = body(version);
            String hash = body.path("serviceHash").asText();
            @Nullable Definition pin = registry.get(Registry.key(ServingRecords.SERVICE_PIN, hash));
            boolean reads = pin == null
                    ? readsInForce(body.path("service").asText(), hash, lineage)
                    : reads(body(pin), lineage);
            if (reads) {
                versions.add(version.getName());
            }
        }
        return versions;
    }

    /** Without a pin a sidecar takes the service in force, if it is what the version was trained on; else it refuses. */
    private boolean readsInForce(String service, String hash, ViewLineage lineage) {
        @Nullable Definition inForce = registry.get(Registry.key("FeatureService", service));
        @Nullable Definition view = registry.get(Registry.key("FeatureView", lineage.view()));
        return inForce != null
                && inForce.getHash().equals(hash)
                && view != null
                && view.getLineage() == lineage.lineage()
                && names(inForce, lineage.view());
    }

    private boolean reads(JsonNode pin, ViewLineage lineage) {
        for (JsonNode entry : pin) {
            if (entry.path("kind").asText().equals("FeatureView")
                    && entry.path("name").asText().equals(lineage.view())
                    && resolved(entry) == lineage.lineage()) {
                return true;
            }
        }
        return false;
    }

    /** As the sidecar does: a view that is still in force as it was pinned is read under the lineage in force. */
    private long resolved(JsonNode entry) {
        @Nullable
        Definition inForce =
                registry.get(Registry.key("FeatureView", entry.path("name").asText()));
        return inForce != null && inForce.getHash().equals(entry.path("hash").asText())
                ? inForce.getLineage()
                : entry.path("lineage").asLong();
    }

    /** The versions that requests or copies of them go to. */
    private Set<String> serving() {
        Set<String> serving = new TreeSet<>();
        for (Definition alias : ofKind(ServingRecords.MODEL_ALIAS)) {
            JsonNode body = body(alias);
            add(serving, body.path("model").asText(), body.path("version"));
        }
        for (Definition traffic : ofKind(ServingRecords.TRAFFIC)) {
            JsonNode body = body(traffic);
            String model = body.path("model").asText();
            add(serving, model, body.path("champion"));
            add(serving, model, body.path("shadow"));
            add(serving, model, body.path("canary").path("version"));
        }
        return serving;
    }

    private static void add(Set<String> versions, String model, JsonNode version) {
        if (version.isTextual()) {
            versions.add(model + "." + version.asText());
        }
    }

    private List<Definition> ofKind(String kind) {
        return registry.values().stream()
                .filter(definition -> definition.getKind().equals(kind))
                .toList();
    }

    private static JsonNode body(Definition definition) {
        try {
            return JSON.readTree(definition.getBody());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    Registry.key(definition.getKind(), definition.getName()) + " in the registry is not JSON", e);
        }
    }
}
