package dev.tidewheel.sidecar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.registry.Registry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the registry: which version of the model is champion, and with which definitions. A change that cannot be served
 * (a definition is missing, a column unknown) is logged and leaves what is served as it is. Serves nothing before the
 * registry was read to its end: half of its past may name a champion of long ago. Thread-safe.
 */
final class ServingFollower {
    private static final Logger LOG = LoggerFactory.getLogger(ServingFollower.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private record State(Optional<Serving> serving, String reason) {}

    private final String model;
    private final Supplier<Health> registry;
    private volatile boolean caughtUp;
    private volatile State state = new State(Optional.empty(), "the registry has not been read yet");

    @SuppressWarnings("this-escape") // The listener sees only fields that are set before it.
    ServingFollower(Registry registry, String model) {
        this(registry::health, model);
        registry.listen((key, after) -> follow(after));
        follow(registry.snapshot());
    }

    /**
     * Follows nothing by itself: whoever made it calls {@link #follow}.
     *
     * @param registry up once the registry was read to its end
     */
    ServingFollower(Supplier<Health> registry, String model) {
        this.model = model;
        this.registry = registry;
    }

    /** @throws RequestProblem with status 503 and the reason while there is nothing to serve */
    Serving current() {
        Health read = registry.get();
        if (!caughtUp && !read.ok()) {
            throw RequestProblem.unavailable("not ready: " + read.reason());
        }
        caughtUp = true; // From now on what is served stays, even while Kafka is away.
        State now = state;
        return now.serving().orElseThrow(() -> RequestProblem.unavailable("not ready: " + now.reason()));
    }

    /** Ready as soon as there is something to serve. */
    Health health() {
        Health read = registry.get();
        if (!caughtUp && !read.ok()) {
            return read;
        }
        State now = state;
        return new Health(now.serving().isPresent(), now.reason());
    }

    /** Takes all definitions after a change. */
    synchronized void follow(Map<String, Definition> definitions) {
        try {
            Serving next = serving(definitions);
            String reason = "serves version " + next.version() + " with service "
                    + next.service().name();
            if (!reason.equals(state.reason())) {
                LOG.info("model {} {}", model, reason);
            }
            state = new State(Optional.of(next), reason);
        } catch (IllegalArgumentException e) {
            refuse(String.valueOf(e.getMessage()), null);
        } catch (RuntimeException e) { // A defect of ours must not end the service of the former version.
            refuse("the registry's newest state cannot be compiled: " + e, e);
        }
    }

    private void refuse(String reason, @Nullable RuntimeException defect) {
        if (state.serving().isPresent()) {
            LOG.error("the registry's newest state cannot be served, the former stays: {}", reason, defect);
        } else {
            state = new State(Optional.empty(), reason);
        }
    }

    private Serving serving(Map<String, Definition> definitions) {
        JsonNode alias = body(definitions, "ModelAlias", model + ".champion");
        String version = text(alias, "version", "ModelAlias " + model + ".champion");
        String versionName = model + "." + version;
        JsonNode registered = body(definitions, "ModelVersion", versionName);
        String serviceName = text(registered, "service", "ModelVersion " + versionName);
        String trainedOn = text(registered, "serviceHash", "ModelVersion " + versionName);
        Definition service = require(definitions, "FeatureService", serviceName);
        if (!service.getHash().equals(trainedOn)) {
            throw new IllegalArgumentException("model version " + versionName + " was trained on service " + serviceName
                    + " with hash " + trainedOn + ", the registry has " + service.getHash());
        }
        ServicePlan plan = ServiceCompiler.compile(definitions, serviceName);
        List<String> inputs = new ArrayList<>();
        registered.path("inputs").forEach(name -> inputs.add(name.asText()));
        return new Serving(
                model,
                version,
                text(registered, "artifactDigest", "ModelVersion " + versionName),
                plan,
                service.getHash(),
                Serving.entitiesOf(plan),
                lineages(definitions, plan),
                Serving.inputSlots(plan.columns(), inputs));
    }

    private static Map<String, Long> lineages(Map<String, Definition> definitions, ServicePlan plan) {
        Map<String, Long> lineages = new HashMap<>();
        for (ServicePlan.ViewRead read : plan.reads()) {
            String view = read.view().spec().name();
            lineages.put(view, require(definitions, "FeatureView", view).getLineage());
        }
        return lineages;
    }

    private static Definition require(Map<String, Definition> definitions, String kind, String name) {
        Definition definition = definitions.get(Registry.key(kind, name));
        if (definition == null) {
            throw new IllegalArgumentException("the registry has no " + kind + " '" + name + "'");
        }
        return definition;
    }

    private static JsonNode body(Map<String, Definition> definitions, String kind, String name) {
        try {
            return JSON.readTree(require(definitions, kind, name).getBody());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(kind + " '" + name + "' is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String text(JsonNode body, String field, String what) {
        JsonNode value = body.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(what + " has no text '" + field + "'");
        }
        return value.asText();
    }
}
