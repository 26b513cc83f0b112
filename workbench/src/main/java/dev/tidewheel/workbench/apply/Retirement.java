package dev.tidewheel.workbench.apply;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryLog;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.workbench.WorkbenchException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a lineage out of use, in steps that may be days apart: it leaves the registry, the job leaves it out at its next
 * start, then what it had stored is deleted. Asking again does the next step. Whether the job has been started since, its
 * frontiers say: each names the state of the registry that the job was built from. For one thread.
 */
public final class Retirement {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String VIEW = "FeatureView";

    private final KafkaConfig kafka;
    private final Applier applier;

    public Retirement(KafkaConfig kafka) {
        this.kafka = kafka;
        this.applier = new Applier(kafka);
    }

    /**
     * What somebody has decided.
     *
     * @param giveUp who may miss it: versions of models that do not serve, as {@code model.version}; the view itself, as
     *     {@code FeatureView/name}, which then leaves the registry too
     * @param jobStopped the job of its source does not run any more, and nobody will start it: only where the source has
     *     no other lineage, because a job that has views says itself what it leaves out
     */
    public record Orders(Set<String> giveUp, boolean jobStopped) {
        /** None. */
        public static final Orders NONE = new Orders(Set.of(), false);

        public Orders {
            giveUp = Set.copyOf(giveUp);
        }
    }

    /** What can be done now. */
    public sealed interface Step {

        /** Somebody would miss it: nothing was done. */
        record Needed(List<LineageNeeds.Need> by) implements Step {}

        /**
         * It has left the registry; the job goes on computing it until it is started again.
         *
         * @param last as in {@link AwaitsRestart}
         */
        record Retired(boolean last) implements Step {}

        /**
         * It has left the registry before, and the job has not been started since.
         *
         * @param last whether its source has no other: then there is no job to start any more, only one to stop
         */
        record AwaitsRestart(boolean last) implements Step {}

        /** Nothing writes it any more: its values can be deleted. Then {@link #forget}. */
        record Deletable(ViewLineage lineage) implements Step {}
    }

    /**
     * Decides what is next for a lineage.
     *
     * @param retiredAt the offset of the record that says that it is retired; any if it is not
     * @param orders what somebody has decided about it
     * @throws WorkbenchException if the registry does not know it, or the orders cannot be
     */
    static Step next(
            String id, Map<String, Definition> registry, long retiredAt, StageFrontiers stages, Orders orders) {
        Optional<ViewLineage> computed = find(ViewLineages.computed(registry), id);
        if (computed.isPresent()) {
            List<LineageNeeds.Need> needs = new LineageNeeds(registry)
                    .of(computed.get()).stream()
                            .filter(need -> !(need.waivable() && orders.giveUp().contains(need.who())))
                            .toList();
            return needs.isEmpty() ? new Step.Retired(isLast(computed.get(), registry)) : new Step.Needed(needs);
        }
        ViewLineage lineage = find(ViewLineages.retired(registry), id)
                .orElseThrow(() -> new WorkbenchException(
                        "the registry has no lineage '" + id + "'; 'tidewheel lineages' lists them as view@lineage"));
        List<LineageNeeds.Need> serving = new LineageNeeds(registry)
                .of(lineage).stream().filter(need -> !need.waivable()).toList();
        if (!serving.isEmpty()) {
            // Somebody came back to it since: a version that had been given up serves again.
            return new Step.Needed(serving);
        }
        boolean last = isLast(lineage, registry);
        if (orders.jobStopped() && !last) {
            throw new WorkbenchException(
                    "source " + lineage.source() + " has views that a job has to compute; start that"
                            + " job again instead: it leaves " + id + " out");
        }
        boolean idle = !stages.hasRun(lineage.source())
                || stages.isBuiltAfter(lineage.source(), retiredAt)
                || orders.jobStopped();
        return idle ? new Step.Deletable(lineage) : new Step.AwaitsRestart(last);
    }

    /**
     * Does what can be done in the registry, and says what it was.
     *
     * @param id {@code view@lineage}
     * @param now wall time, epoch milliseconds
     */
    public Step advance(String id, Orders orders, long now) throws InterruptedException {
        Map<String, Definition> registry = applier.inForce();
        // Whoever read the registry between the two records still found the lineage.
        Set<String> records = Set.of(Registry.key(ViewLineages.RETIRED, id), Registry.key(ViewLineages.KIND, id));
        long retiredAt = RegistryLog.read(kafka, DEADLINE).stream()
                .filter(entry -> records.contains(entry.key()))
                .mapToLong(RegistryLog.Entry::offset)
                .max()
                .orElse(Long.MAX_VALUE);
        List<String> sources = ViewLineages.retired(registry).stream()
                .filter(lineage -> lineage.id().equals(id))
                .map(ViewLineage::source)
                .toList();
        Step step;
        try (LiveProgress progress = LiveProgress.open(kafka, sources, DEADLINE)) {
            step = next(id, registry, retiredAt, progress.stages(), orders);
        }
        if (step instanceof Step.Retired) {
            retire(find(ViewLineages.computed(registry), id).orElseThrow(), registry, now);
        }
        return step;
    }

    /** Remembered as retired before it leaves: what it has stored is never forgotten half-way. */
    private void retire(ViewLineage lineage, Map<String, Definition> registry, long now) {
        try (RegistryPublisher publisher = new RegistryPublisher(kafka, DEADLINE)) {
            publisher.publish(ViewLineages.retired(lineage, now), registry);
            Definition pointer = registry.get(Registry.key(VIEW, lineage.view()));
            if (pointer != null && pointer.getLineage() == lineage.lineage()) {
                publisher.remove(VIEW, lineage.view());
            }
            publisher.remove(ViewLineages.KIND, lineage.id());
        }
    }

    /** After its values were deleted, the registry needs to remember it no more. */
    public void forget(ViewLineage lineage) {
        try (RegistryPublisher publisher = new RegistryPublisher(kafka, DEADLINE)) {
            publisher.remove(ViewLineages.RETIRED, lineage.id());
        }
    }

    /** Whether a source has no other lineage. */
    private static boolean isLast(ViewLineage lineage, Map<String, Definition> registry) {
        return ViewLineages.ofSource(registry, lineage.source()).stream()
                .allMatch(other -> other.id().equals(lineage.id()));
    }

    private static Optional<ViewLineage> find(List<ViewLineage> lineages, String id) {
        return lineages.stream().filter(lineage -> lineage.id().equals(id)).findFirst();
    }
}
