package dev.tidewheel.history.books;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.backfill.Imported;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Coverage;
import dev.tidewheel.history.source.KeyIndex;
import dev.tidewheel.history.source.Outcomes;
import dev.tidewheel.history.source.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Collects the equations of a run. Each side is counted from what is durable — topics, raw tables, the store — never from
 * a process's own counters. Mutable, not thread-safe.
 */
public final class Books {
    private final List<Equation> equations = new ArrayList<>();

    /** All equations, in the order in which they were entered. */
    public List<Equation> equations() {
        return List.copyOf(equations);
    }

    /** Whether all of them hold. */
    public boolean balance() {
        return equations.stream().allMatch(Equation::holds);
    }

    /** Enters two counts of the caller's. */
    public Books equal(String name, String leftName, long left, String rightName, long right) {
        equations.add(new Equation(name, leftName, left, rightName, right));
        return this;
    }

    /**
     * Per partition: what the topics hold, the raw table holds, once.
     *
     * @param ends per channel of the source the offset after the partition's last record
     */
    public Books source(ChangeHistory raw, Map<Integer, Long> ends) {
        String source = raw.columns().source();
        ends.forEach((channel, end) -> {
            Coverage coverage = raw.coverage().getOrDefault(channel, new Coverage(0, 0, 0));
            equal(
                    "source " + source + ", partition " + raw.channels().name(channel),
                    "records in the topic",
                    end,
                    "distinct offsets in the raw table",
                    coverage.records());
        });
        return this;
    }

    /**
     * Per import: the raw table has all that it brought, once, and refuses no other rows than it did. Once somebody was
     * erased, nobody can tell any more which of their rows it had refused.
     *
     * @param imports of the source, as its raw table names them
     */
    public Books imports(ChangeHistory raw, List<Imported> imports) {
        for (Imported imported : imports) {
            String name = "source " + raw.columns().source() + ", import " + imported.number();
            Outcomes became = raw.outcomes().getOrDefault(imported.partition(), Outcomes.NONE);
            equal(name, "rows imported", imported.rows(), "in the raw table: " + became, became.total());
            if (became.erased() == 0) {
                equal(name + ", refused", "by the import", imported.refused(), "in the raw table", became.refused());
            }
        }
        return this;
    }

    /**
     * Per import that a pipeline reads: whatever of it does not count is a dead letter of that pipeline.
     *
     * @param raw by the source's definition that the pipeline has
     * @param read the imports' partitions, see {@link dev.tidewheel.history.served.FrontierIndex#imports}
     * @param letters of the whole run
     * @param cohort 0 for the main pipeline
     */
    public Books importLetters(ChangeHistory raw, Set<Integer> read, DeadLetters letters, long cohort) {
        for (int partition : new TreeSet<>(read)) {
            Outcomes became = raw.outcomes().getOrDefault(partition, Outcomes.NONE);
            equal(
                    "source " + raw.columns().source() + ", partition " + partition
                            + (cohort == 0 ? "" : ", cohort " + cohort),
                    "refused or left to the other side, in the raw table",
                    became.refused() + became.handedOver(),
                    "dead letters",
                    letters.undecoded(raw.channels().topic(partition), partition, cohort));
        }
        return this;
    }

    /**
     * Per view: every change of the raw table became what it should, and the store and the dead letters know it.
     *
     * @param raw without the imports that the lineage was begun before, see {@link ChangeHistory#without}
     * @param stored counts out of all states of a lineage in the store
     * @param letters of the whole run
     * @param cohort which computes the lineage; 0 for the main pipeline
     */
    public Books view(ViewPlan plan, ChangeHistory raw, ViewCounts stored, DeadLetters letters, long cohort) {
        String view = plan.spec().name();
        Set<Position> freed = letters.freed(plan.spec().entity(), cohort);
        ViewCounts expected = expected(plan, raw, freed);
        equal(
                "view " + view + ", state freed",
                "dead letters",
                freed.size(),
                "changes of the raw table at their places",
                IntStream.range(0, raw.size())
                        .filter(change -> freed.contains(raw.position(change)))
                        .count());
        equal(
                "view " + view + ", routed",
                "by the raw table",
                expected.total(),
                "by the store's versions",
                stored.routed());
        for (Disposition disposition : Disposition.values()) {
            equal(
                    "view " + view + ", " + disposition,
                    "by the oracle on the raw table",
                    expected.count(disposition),
                    "in the store",
                    stored.count(disposition));
        }
        equal(
                "view " + view + ", late",
                "in the store",
                stored.count(Disposition.LATE),
                "dead letters",
                letters.late(view, cohort));
        equal(
                "view " + view + ", rejected",
                "in the store",
                stored.count(Disposition.REJECTED),
                "dead letters",
                letters.rejected(view, cohort));
        return this;
    }

    /**
     * Per view: a feature that counts everything for ever, summed over keys, is what was applied.
     *
     * @param lifetimeCount the sum of a lifetime {@code count} without condition over all keys
     */
    public Books lifetime(String view, long lifetimeCount, ViewCounts stored) {
        return equal(
                "view " + view + ", lifetime count",
                "sum over keys",
                lifetimeCount,
                "applied",
                stored.count(Disposition.APPLIED));
    }

    /** Per model: every admitted row was logged or counted as dropped. */
    public Books model(String model, long admitted, long logged, long dropped) {
        return equal("model " + model, "admitted rows", admitted, "logged + dropped", logged + dropped);
    }

    /**
     * Per model: every row that was asked was logged by whoever answered, champion or canary, or counted as dropped; apart
     * from them, every row that the shadow was to be asked was logged by it or counted as dropped.
     *
     * @param asked rows that were sent to the sidecar and understood
     * @param dropped of those
     * @param shadowDue rows that were sent while the model had a shadow
     * @param shadowDropped of those: the shadow was not asked, or its row not logged
     */
    public Books arms(String model, LoggedRows logged, long asked, long dropped, long shadowDue, long shadowDropped) {
        return equal("model " + model, "rows asked", asked, "answered + dropped", logged.answered() + dropped)
                .equal(
                        "model " + model + ", shadow",
                        "rows for the shadow",
                        shadowDue,
                        "logged + dropped",
                        logged.shadowed() + shadowDropped);
    }

    /** What the oracle makes of every change of a source that was not refused as freed, summed over keys. */
    static ViewCounts expected(ViewPlan plan, ChangeHistory raw, Set<Position> freed) {
        ViewCounts counts = new ViewCounts();
        KeyIndex keys = raw.keys(plan.spec().entity());
        for (int key = 0; key < keys.size(); key++) {
            List<Change> changes = Arrays.stream(keys.changes(key))
                    .filter(change -> freed.isEmpty() || !freed.contains(raw.position(change)))
                    .mapToObj(raw::change)
                    .toList();
            NaiveOracle oracle = new NaiveOracle(plan, changes);
            for (Disposition disposition : Disposition.values()) {
                counts.add(disposition, oracle.count(disposition));
            }
        }
        return counts;
    }
}
