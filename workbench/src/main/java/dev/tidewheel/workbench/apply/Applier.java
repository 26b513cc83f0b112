package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the definitions in force, and publishes others. */
public final class Applier {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final KafkaConfig kafka;

    public Applier(KafkaConfig kafka) {
        this.kafka = kafka;
    }

    /** Everything in force now, by kind/name. */
    public Map<String, Definition> inForce() throws InterruptedException {
        try (Registry registry = Registry.follow(kafka).awaitLoaded(DEADLINE)) {
            return registry.snapshot();
        }
    }

    /**
     * Publishes what a plan changes, in its order, so that nobody sees a definition before those that it refers to. A new
     * lineage, and a new cohort, is recorded before it is used, so that a failure between the two wastes it but never
     * gives it out twice; nor does somebody else who applies at the same time, see {@link NumberClaims}.
     *
     * @param inForce what the plan was made of
     * @param appliedAt recorded with each, epoch milliseconds
     * @throws dev.tidewheel.workbench.WorkbenchException if somebody else began a lineage at the same time; nothing was
     *     published
     */
    public void apply(ApplyPlan plan, Map<String, Definition> inForce, long appliedAt) throws InterruptedException {
        try (RegistryPublisher publisher = new RegistryPublisher(kafka, DEADLINE)) {
            new NumberClaims(kafka, publisher, DEADLINE).claim(numbers(plan, inForce, appliedAt));
            for (PlannedChange change : plan.changes()) {
                records(change, appliedAt).forEach(record -> publisher.publish(record, inForce));
                change.drops().forEach(dropped -> publisher.remove(ViewLineages.KIND, dropped.id()));
            }
        }
    }

    /** The numbers that a plan gives out: new lineages, new cohorts. */
    static List<Definition> numbers(ApplyPlan plan, Map<String, Definition> inForce, long appliedAt) {
        List<Definition> numbers = new ArrayList<>();
        for (PlannedChange change : plan.changes()) {
            for (ViewLineage lineage : change.computes()) {
                if (lineage.lineage() > ApplyPlan.newest(lineage.view(), inForce)) {
                    numbers.add(newestLineage(lineage, appliedAt));
                }
                if (lineage.cohort() > ViewLineages.newestCohort(inForce, lineage.source())) {
                    numbers.add(ViewLineages.newestCohort(lineage.source(), lineage.cohort(), appliedAt));
                }
            }
        }
        return numbers;
    }

    /** What is to be published for one change, in this order. */
    private static List<Definition> records(PlannedChange change, long appliedAt) {
        List<Definition> records = new ArrayList<>();
        change.computes().forEach(lineage -> records.add(ViewLineages.computed(lineage, appliedAt)));
        if (change.publishes()) {
            records.add(record(change, appliedAt));
        }
        return records;
    }

    /** What remains of a view in the registry whatever becomes of it. */
    private static Definition newestLineage(ViewLineage lineage, long appliedAt) {
        return new Definition(
                ApplyPlan.LINEAGE, lineage.view(), lineage.hash(), "{}", lineage.lineage(), List.of(), appliedAt);
    }

    private static Definition record(PlannedChange change, long appliedAt) {
        RegistryEntry entry = change.entry();
        List<DefinedColumn> columns = entry.columns().stream()
                .map(column -> new DefinedColumn(column.name(), column.type().name()))
                .toList();
        return new Definition(
                entry.kind(), entry.name(), entry.hash(), entry.body(), change.lineage(), columns, appliedAt);
    }
}
