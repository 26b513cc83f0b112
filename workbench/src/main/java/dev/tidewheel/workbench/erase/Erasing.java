package dev.tidewheel.workbench.erase;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Erasures.Erasure;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryLog;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.apply.LiveProgress;
import dev.tidewheel.workbench.apply.StageFrontiers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Erases an entity, in steps that may be days apart: it comes on the registry's list; the jobs of its sources leave it out
 * from their next start on, and drop what their state has of it; then what is stored can be deleted, because nobody writes
 * it again. Asking again does the next step. For one thread.
 */
public final class Erasing {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final KafkaConfig kafka;
    private final ErasureKey key;

    public Erasing(KafkaConfig kafka, ErasureKey key) {
        this.kafka = kafka;
        this.key = key;
    }

    /**
     * How far it has come.
     *
     * @param scope where the entity can be
     * @param waiting the sources whose jobs have to be started again
     * @param read by source how far its job had read by now, at least
     */
    public record Step(ErasureScope scope, List<String> waiting, Map<String, Map<TopicPartition, Long>> read) {
        public Step {
            waiting = List.copyOf(waiting);
            read = Map.copyOf(read);
        }

        /** Whether what is stored can be deleted. */
        public boolean isDeletable() {
            return waiting.isEmpty();
        }
    }

    /**
     * Puts the entity on the list, if it is not there, and says what is next.
     *
     * @param entity key columns with their texts
     * @param now epoch milliseconds
     * @throws WorkbenchException as {@link ErasureScope#of}, or if the list was made with another key
     */
    public Step advance(SortedMap<String, String> entity, long now) throws InterruptedException {
        Map<String, Definition> registry = new Applier(kafka).inForce();
        ErasureScope scope = ErasureScope.of(registry, entity);
        requireKey(registry);
        Definition record = Erasures.record(key, entity, now);
        try (RegistryPublisher publisher = new RegistryPublisher(kafka, DEADLINE)) {
            publisher.publish(record, registry);
        }
        String name = Registry.key(record.getKind(), record.getName());
        long erasedAt = RegistryLog.read(kafka, DEADLINE).stream()
                .filter(entry -> entry.key().equals(name))
                .mapToLong(RegistryLog.Entry::offset)
                .max()
                .orElseThrow(() -> new WorkbenchException("the registry does not show " + name + " yet; try again"));
        List<String> sources = scope.sources().stream().sorted().toList();
        try (LiveProgress progress = LiveProgress.open(kafka, sources, DEADLINE)) {
            StageFrontiers stages = progress.stages();
            return new Step(
                    scope,
                    waiting(sources, erasedAt, stages),
                    sources.stream().collect(Collectors.toMap(source -> source, stages::greatest)));
        }
    }

    /** The sources with a job that was built before the entity came on the list. */
    static List<String> waiting(List<String> sources, long erasedAt, StageFrontiers stages) {
        return sources.stream()
                .filter(stages::hasRun)
                .filter(source -> !stages.isBuiltAfter(source, erasedAt))
                .toList();
    }

    private void requireKey(Map<String, Definition> registry) {
        for (Erasure erasure : Erasures.all(registry)) {
            if (!erasure.keyId().equals(key.id())) {
                throw new WorkbenchException("the list of erased entities was made with key " + erasure.keyId()
                        + ", this one is " + key.id() + ": nothing was done; give the former");
            }
        }
    }
}
