package dev.tidewheel.jobs.tile;

import dev.tidewheel.jobs.TestErasures;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.erase.ErasedEntities;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lists of erased keys of the model; each is made once, because digests take longer than a run's step. */
final class ModelErasures {
    private static final Map<Set<String>, ErasedEntities> MADE = new ConcurrentHashMap<>();

    private ModelErasures() {}

    static ErasedEntities of(Set<String> keys) {
        return MADE.computeIfAbsent(Set.copyOf(keys), ModelErasures::make);
    }

    private static ErasedEntities make(Set<String> keys) {
        String column = ModelLog.VIEWS.get(0).plan().spec().entity().get(0);
        Map<String, Definition> registry = new HashMap<>();
        keys.forEach(key -> registry.putAll(TestErasures.registry(Map.of(column, key))));
        return ErasedEntities.of(registry, Optional.of(TestErasures.KEY));
    }
}
