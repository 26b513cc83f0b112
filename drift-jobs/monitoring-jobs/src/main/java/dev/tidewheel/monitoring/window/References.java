package dev.tidewheel.monitoring.window;

import dev.tidewheel.definitions.Monitor;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Monitors and profiles that a subtask has read from the bytes of their definitions; a body is read once, until it
 * changes. Not thread-safe.
 */
final class References {
    private static final Logger LOG = LoggerFactory.getLogger(References.class);

    /** Where the bytes are, by the registry's key. */
    @FunctionalInterface
    interface Bytes {
        byte @Nullable [] of(String key) throws Exception;
    }

    /**
     * A monitor in force.
     *
     * @param hash of its definition
     */
    record InForce(Monitor monitor, String hash) {}

    /**
     * A version's reference.
     *
     * @param id the profile's
     */
    record Reference(Profile profile, String id) {}

    private final RecordSerde<Definition> serde = RecordSerde.of(Definition.class);
    private final Map<String, Optional<InForce>> monitors = new HashMap<>();
    private final Map<String, Optional<Reference>> profiles = new HashMap<>();

    /** Whoever has read something of that key reads it anew. */
    void forget(String key) {
        monitors.remove(key);
        profiles.remove(key);
    }

    Optional<InForce> monitor(String name, Bytes bytes) throws Exception {
        String key = Registry.key("Monitor", name);
        Optional<InForce> known = monitors.get(key);
        if (known == null) {
            known = read(key, bytes).map(found -> new InForce(Monitor.fromBody(found.getBody()), found.getHash()));
            monitors.put(key, known);
        }
        return known;
    }

    Optional<Reference> profile(String model, String version, Bytes bytes) throws Exception {
        String key = Registry.key(ServingRecords.PROFILE, model + "." + version);
        Optional<Reference> known = profiles.get(key);
        if (known == null) {
            known = read(key, bytes).map(found -> new Reference(ProfileJson.read(found.getBody()), found.getHash()));
            profiles.put(key, known);
        }
        return known;
    }

    private Optional<Definition> read(String key, Bytes bytes) throws Exception {
        byte[] value = bytes.of(key);
        return value == null ? Optional.empty() : Optional.of(serde.decode(Objects.requireNonNull(value)));
    }

    /** Whether bytes are a definition that can be used; if not, what was there before stays in force. */
    boolean isReadable(String key, byte[] value) {
        try {
            String body = serde.decode(value).getBody();
            Object unused = key.startsWith("Monitor/") ? Monitor.fromBody(body) : ProfileJson.read(body);
            return true;
        } catch (RuntimeException e) {
            LOG.error("definition {} cannot be read and keeps its former state", key, e);
            return false;
        }
    }
}
