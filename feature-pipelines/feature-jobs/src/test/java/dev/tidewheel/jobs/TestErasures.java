package dev.tidewheel.jobs;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Registry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lists of erased entities for tests. */
public final class TestErasures {
    public static final ErasureKey KEY = new ErasureKey("0123456789abcdef0123456789abcdef");

    private TestErasures() {}

    /** A registry with nothing else. */
    @SafeVarargs
    public static Map<String, Definition> registry(Map<String, String>... entities) {
        Map<String, Definition> registry = new TreeMap<>();
        for (Map<String, String> entity : entities) {
            Definition record = Erasures.record(KEY, new TreeMap<>(entity), 0);
            registry.put(Registry.key(record.getKind(), record.getName()), record);
        }
        return registry;
    }

    /** As a job reads it. */
    @SafeVarargs
    public static ErasedEntities of(Map<String, String>... entities) {
        return ErasedEntities.of(registry(entities), Optional.of(KEY));
    }
}
