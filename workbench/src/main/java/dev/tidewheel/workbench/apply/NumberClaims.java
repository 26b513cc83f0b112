package dev.tidewheel.workbench.apply;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryLog;
import dev.tidewheel.runtime.registry.RegistryLog.Entry;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.workbench.WorkbenchException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives numbers of lineages and cohorts to one of those who ask for them at the same time. Kafka has no compare-and-swap,
 * but the registry has one order: a number belongs to whose record of it, or of a greater one, stands first.
 *
 * <p>All claim in the same order and stop at the first number that is not theirs, so of several at least one gets all that
 * it asks for. Who does not has written nothing but numbers, which nobody will use. For one thread.
 */
final class NumberClaims {
    private final KafkaConfig kafka;
    private final RegistryPublisher publisher;
    private final Duration deadline;

    NumberClaims(KafkaConfig kafka, RegistryPublisher publisher, Duration deadline) {
        this.kafka = kafka;
        this.publisher = publisher;
        this.deadline = deadline;
    }

    /**
     * Records numbers, each once.
     *
     * @param numbers records of the kinds {@link ApplyPlan#LINEAGE} and {@link ViewLineages#COHORT}
     * @throws WorkbenchException if one of them is somebody else's
     */
    void claim(Collection<Definition> numbers) throws InterruptedException {
        TreeMap<String, Definition> byKey = new TreeMap<>();
        numbers.forEach(number -> byKey.put(Registry.key(number.getKind(), number.getName()), number));
        for (Map.Entry<String, Definition> claim : byKey.entrySet()) {
            claim(claim.getKey(), claim.getValue());
        }
    }

    private void claim(String key, Definition number) throws InterruptedException {
        long place = publisher.append(number);
        List<Entry> taken = RegistryLog.read(kafka, deadline).stream()
                .filter(entry -> entry.key().equals(key))
                .filter(entry -> entry.definition()
                        .filter(other -> numberOf(other) >= numberOf(number))
                        .isPresent())
                .toList();
        if (taken.isEmpty() || taken.get(0).offset() != place) {
            // Ours may stand behind a greater one, and must not be what is remembered.
            taken.stream()
                    .flatMap(entry -> entry.definition().stream())
                    .max(Comparator.comparingLong(NumberClaims::numberOf))
                    .ifPresent(publisher::append);
            throw new WorkbenchException("somebody else began "
                    + (number.getKind().equals(ApplyPlan.LINEAGE) ? "a lineage of " : "a cohort of source ")
                    + number.getName() + " at the same time; nothing of this was published: look at the plan and apply"
                    + " again");
        }
    }

    private static long numberOf(Definition number) {
        return number.getKind().equals(ApplyPlan.LINEAGE)
                ? number.getLineage()
                : ViewLineages.newestCohort(
                        Map.of(Registry.key(number.getKind(), number.getName()), number), number.getName());
    }
}
