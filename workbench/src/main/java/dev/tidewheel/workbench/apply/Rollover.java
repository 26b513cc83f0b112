package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Brings definitions into force, in as many steps as it takes: what can be published is published, and again after a
 * lineage has caught up. It may be broken off at any time and begun again. For one thread.
 */
public final class Rollover {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final KafkaConfig kafka;
    private final Applier applier;
    private final List<RegistryEntry> entries;
    private final LongSupplier clock;

    /**
     * @param entries those first that others refer to
     * @param clock wall time, recorded with what is published, epoch milliseconds
     */
    public Rollover(KafkaConfig kafka, List<RegistryEntry> entries, LongSupplier clock) {
        this.kafka = kafka;
        this.applier = new Applier(kafka);
        this.entries = List.copyOf(entries);
        this.clock = clock;
    }

    /** What could be done now. */
    public ApplyPlan plan() throws InterruptedException {
        try (LiveProgress progress = LiveProgress.open(kafka, sources(), DEADLINE)) {
            return ApplyPlan.of(entries, applier.inForce(), progress);
        }
    }

    /**
     * Does what can be done now, then what can be done later, for as long as there is patience.
     *
     * @param patience zero to do only what can be done now
     * @param observer is shown each plan before it is carried out
     * @return the last plan: what was done with it, and what still waits
     */
    public ApplyPlan apply(Duration patience, Consumer<ApplyPlan> observer) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        try (LiveProgress progress = LiveProgress.open(kafka, sources(), DEADLINE)) {
            while (true) {
                Map<String, Definition> inForce = applier.inForce();
                ApplyPlan plan = ApplyPlan.of(entries, inForce, progress);
                observer.accept(plan);
                applier.apply(plan, inForce, clock.getAsLong());
                if (!canGoOn(plan) || System.nanoTime() - until >= 0) {
                    return plan;
                }
                Thread.sleep(BETWEEN_LOOKS.toMillis());
                progress.look();
            }
        }
    }

    /** What is held for another reason than a lineage that is under way is held for ever. */
    private static boolean canGoOn(ApplyPlan plan) {
        return plan.changes().stream()
                .anyMatch(change -> change.action() == Action.BEGIN || change.action() == Action.WAIT);
    }

    private List<String> sources() {
        return entries.stream()
                .flatMap(entry -> entry.kind().equals("Source")
                        ? Stream.of(entry.name())
                        : Stream.of(References.source(entry.body())).filter(source -> !source.isEmpty()))
                .distinct()
                .toList();
    }
}
