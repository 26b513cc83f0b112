package dev.tidewheel.workbench.erase;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Erasures.Erasure;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryLog;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.apply.LiveProgress;
import dev.tidewheel.workbench.apply.StageFrontiers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
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
     * @param waiting the sources whose jobs have to be started again, or have not all begun since
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
     * @param stopped sources whose jobs do not run any more, as somebody says: only where all lineages are retired, because
     *     a job that has views says itself what it leaves out
     * @param now epoch milliseconds
     * @throws WorkbenchException as {@link ErasureScope#of}, or if the list was made with another key
     */
    public Step advance(SortedMap<String, String> entity, Set<String> stopped, long now) throws InterruptedException {
        Map<String, Definition> registry = new Applier(kafka).inForce();
        ErasureScope scope = ErasureScope.of(registry, entity);
        Map<String, Set<String>> running = running(scope.jobs(), stopped);
        requireKey(registry);
        Definition record = Erasures.record(key, entity, now);
        try (RegistryPublisher publisher = new RegistryPublisher(kafka, DEADLINE)) {
            publisher.publish(record, registry);
        }
        String name = Registry.key(record.getKind(), record.getName());
        List<RegistryLog.Entry> log = RegistryLog.read(kafka, DEADLINE);
        long erasedAt = log.stream()
                .filter(entry -> entry.key().equals(name))
                .mapToLong(RegistryLog.Entry::offset)
                .max()
                .orElseThrow(() -> new WorkbenchException("the registry does not show " + name + " yet; try again"));
        Map<String, Set<String>> jobs = began(running, log, erasedAt);
        try (LiveProgress progress = LiveProgress.open(kafka, List.copyOf(jobs.keySet()), DEADLINE)) {
            StageFrontiers stages = progress.stages();
            return new Step(
                    scope,
                    waiting(jobs, erasedAt, stages),
                    scope.sources().stream()
                            .filter(jobs::containsKey)
                            .collect(Collectors.toMap(source -> source, stages::greatest)));
        }
    }

    /**
     * Takes it out of the profiles of model versions: the first thing to delete, because monitors go by them.
     *
     * @param suspects whether segments go too that may be the entity's
     * @param clock epoch milliseconds
     */
    public ProfileErasure.Outcome eraseProfiles(SortedMap<String, String> entity, boolean suspects, LongSupplier clock)
            throws InterruptedException {
        try (RegistryPublisher publisher = new RegistryPublisher(kafka, DEADLINE)) {
            return new ProfileErasure(entity, suspects).erase(new Applier(kafka).inForce(), publisher, clock);
        }
    }

    /**
     * The jobs that may run.
     *
     * @throws WorkbenchException if one of those that are said to be stopped has something to compute
     */
    static Map<String, Set<String>> running(Map<String, Set<String>> jobs, Set<String> stopped) {
        for (String source : stopped) {
            if (!jobs.getOrDefault(source, Set.of()).isEmpty()) {
                throw new WorkbenchException("source " + source + " has views that a job has to compute; start that job"
                        + " again instead of --job-stopped: nothing was done");
            }
        }
        Map<String, Set<String>> running = new TreeMap<>(jobs);
        running.keySet().removeAll(stopped);
        return running;
    }

    /** Of what jobs compute, that which was decided before: a job that was built since computes all of it. */
    private static Map<String, Set<String>> began(
            Map<String, Set<String>> jobs, List<RegistryLog.Entry> log, long erasedAt) {
        Set<String> later = log.stream()
                .filter(entry -> entry.offset() > erasedAt)
                .map(RegistryLog.Entry::key)
                .collect(Collectors.toSet());
        Map<String, Set<String>> began = new TreeMap<>();
        jobs.forEach((job, lineages) -> began.put(
                job,
                lineages.stream()
                        .filter(id -> !later.contains(Registry.key(ViewLineages.KIND, id)))
                        .collect(Collectors.toSet())));
        return began;
    }

    /**
     * The jobs that may still have what they read before the entity came on the list, or write it.
     *
     * @param jobs with the lineages that they compute
     */
    static List<String> waiting(Map<String, Set<String>> jobs, long erasedAt, StageFrontiers stages) {
        return jobs.keySet().stream()
                .filter(stages::hasRun)
                .filter(job -> !stages.isBuiltAfter(job, erasedAt)
                        || !stages.hasBegunAfter(job, jobs.getOrDefault(job, Set.of()), erasedAt))
                .sorted()
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
