package dev.tidewheel.monitoring.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.Monitor;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the registry says about monitoring: monitors, profiles of versions, columns of services. A service's columns are
 * kept by its hash for as long as the job lives, and a {@code ServicePin} gives those of services that have moved on. What
 * cannot be read keeps its former state and is logged. Not thread-safe.
 */
final class MonitoredModels {
    private static final Logger LOG = LoggerFactory.getLogger(MonitoredModels.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MONITOR = "Monitor";
    private static final String SERVICE = "FeatureService";

    private final RecordSerde<Definition> serde = RecordSerde.of(Definition.class);
    private final Map<String, LogRecord> records = new LinkedHashMap<>();
    private final Map<String, Monitor> monitors = new TreeMap<>();
    private final Map<String, Profile> profiles = new HashMap<>();
    private final Map<String, List<DefinedColumn>> services = new HashMap<>();

    /** Whether the kind matters to those who judge windows: they get its records too. */
    static boolean isReference(String key) {
        return key.startsWith(MONITOR + "/") || key.startsWith(ServingRecords.PROFILE + "/");
    }

    static String key(LogRecord record) {
        return new String(Objects.requireNonNull(record.key(), "a definition without a key"), StandardCharsets.UTF_8);
    }

    /** Takes a record of the registry; returns whether anything that matters here changed. */
    boolean apply(LogRecord record) {
        String key = key(record);
        try {
            return change(key, record);
        } catch (RuntimeException e) {
            LOG.error("definition {} cannot be read and keeps its former state (offset {})", key, record.offset(), e);
            return false;
        }
    }

    private boolean change(String key, LogRecord record) {
        String kind = key.substring(0, Math.max(0, key.indexOf('/')));
        String name = key.substring(kind.length() + 1);
        byte[] value = record.value();
        @Nullable Definition definition = value == null ? null : serde.decode(value);
        switch (kind) {
            case MONITOR -> replace(monitors, name, definition == null ? null : Monitor.fromBody(definition.getBody()));
            case ServingRecords.PROFILE ->
                replace(profiles, name, definition == null ? null : ProfileJson.read(definition.getBody()));
            case SERVICE -> {
                if (definition == null) {
                    return false;
                }
                services.put(definition.getHash(), List.copyOf(definition.getColumns()));
                key = key + "@" + definition.getHash();
            }
            case ServingRecords.SERVICE_PIN -> {
                if (definition == null) {
                    return false;
                }
                pinned(definition).ifPresent(columns -> services.putIfAbsent(name, columns));
            }
            default -> {
                return false;
            }
        }
        replace(records, key, definition == null ? null : record);
        return true;
    }

    private static <T> void replace(Map<String, T> map, String key, @Nullable T value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    /** The columns of the service that a pin is about. */
    private static Optional<List<DefinedColumn>> pinned(Definition pin) {
        try {
            for (JsonNode entry : JSON.readTree(pin.getBody())) {
                if (entry.path("kind").asText().equals(SERVICE)
                        && entry.path("hash").asText().equals(pin.getName())) {
                    List<DefinedColumn> columns = new ArrayList<>();
                    entry.path("columns")
                            .forEach(column -> columns.add(new DefinedColumn(
                                    column.path("name").asText(),
                                    column.path("type").asText())));
                    return Optional.of(List.copyOf(columns));
                }
            }
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + pin.getName(), e);
        }
    }

    /** Those of a model, by name. */
    List<Monitor> monitors(String model) {
        return monitors.values().stream()
                .filter(monitor -> monitor.model().equals(model))
                .toList();
    }

    /** The reference of a version. */
    Optional<Profile> profile(String model, String version) {
        return Optional.ofNullable(profiles.get(model + "." + version));
    }

    /** The columns of a service, in the order of the inference record. */
    Optional<List<DefinedColumn>> columns(String serviceHash) {
        return Optional.ofNullable(services.get(serviceHash));
    }

    /** All that must be known to start again. */
    Collection<LogRecord> records() {
        return records.values();
    }
}
