package dev.tidewheel.jobs.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.aggregate.Promise;
import dev.tidewheel.feature.chain.ChangelogRecords;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveChangelog;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.jobs.raw.ImportedPrograms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs through the teller of changelogs, with checkpoints, crashes and both state backends: what is told is what
 * the naive changelog tells, and a view over it has the oracle's values.
 */
class ProgramsThroughChainTest {
    private static final int PROGRAMS = 60;
    private static final int IMPORTS = 20;

    @TempDir
    Path folder;

    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void whatIsToldIsWhatTheNaiveChangelogTells() throws Exception {
        AtomicInteger crashes = new AtomicInteger();
        AtomicInteger again = new AtomicInteger();
        Programs.run(Kind.EVERYTHING, PROGRAMS, (program, met) -> {
            for (ViewPlan plan : program.plans()) {
                ChangelogHarness harness = new ChangelogHarness(program, plan);
                harness.run();
                crashes.addAndGet(harness.crashes());
                again.addAndGet(harness.told().size() - harness.distinct().size());
                Optional<String> difference = difference(program, plan, harness, met);
                if (difference.isPresent()) {
                    return difference.map(text -> plan.spec().name() + ": " + text);
                }
            }
            return Optional.empty();
        });
        assertThat(crashes).hasPositiveValue();
        assertThat(again).as("records that were told again").hasPositiveValue();
    }

    /** The import is read beside the topic, from the table, and what is handed over is left out on both sides. */
    @Test
    void aPartThatWasImportedIsToldLikeTheRest() throws Exception {
        AtomicInteger imported = new AtomicInteger();
        Programs.run(Kind.STREAM, IMPORTS, (program, met) -> {
            ImportedPrograms drawn = ImportedPrograms.of(program, new Random(program.seed()));
            List<Arrival> arrivals = drawn.arrivals("program" + runs.incrementAndGet(), folder);
            RandomProgram read = new RandomProgram(program.seed(), program.declaresIds(), program.views(), arrivals);
            imported.addAndGet((int) arrivals.stream()
                    .filter(arrival -> arrival.partition() == ImportedPrograms.IMPORT)
                    .count());
            for (ViewPlan plan : read.plans()) {
                ChangelogHarness harness = new ChangelogHarness(read, plan);
                harness.run();
                Optional<String> difference = difference(drawn.counted(), plan, harness, met);
                if (difference.isPresent()) {
                    return difference.map(text -> plan.spec().name() + ": " + text);
                }
            }
            return Optional.empty();
        });
        assertThat(imported).as("imported changes").hasPositiveValue();
    }

    private static Optional<String> difference(
            RandomProgram program, ViewPlan plan, ChangelogHarness harness, Programs.Met met) {
        List<Change> changes = program.arrivals().stream().map(Arrival::change).toList();
        Map<String, Change> expected = new TreeMap<>();
        NaiveChangelog.records(plan, changes)
                .forEach(record -> expected.put(record.id().text(), exact(plan, record)));
        if (harness.behind() > 0) {
            return Optional.of(harness.behind() + " changes came behind a true watermark");
        }
        if (!harness.distinct().keySet().equals(expected.keySet())) {
            return Optional.of("told " + harness.distinct().keySet() + "\n expected " + expected.keySet());
        }
        for (Change told : harness.told()) {
            if (!exact(plan, told).equals(expected.get(told.id().text()))) {
                return Optional.of(
                        "told " + told + "\n expected " + expected.get(told.id().text()));
            }
        }
        return chained(plan, List.copyOf(harness.distinct().values()), program, met);
    }

    /** Without what is only within a bound: that depends on how the state was folded. */
    private static Change exact(ViewPlan plan, Change record) {
        Row row = record.row().widen(record.row().size());
        int entity = plan.spec().entity().size();
        for (int slot = 0; slot < plan.features().size(); slot++) {
            if (plan.promise(slot) == Promise.BOUNDED) {
                row.setNull(entity + slot);
            }
        }
        return new Change(record.retraction(), record.id(), record.eventTime(), record.knownTime(), row);
    }

    /** A view over the changelog, by another key than the upstream's. */
    private static Optional<String> chained(
            ViewPlan upstream, List<Change> told, RandomProgram program, Programs.Met met) {
        ViewPlan plan = chained(upstream);
        for (Map.Entry<String, List<Change>> key : byKey(plan, told).entrySet()) {
            KeyState state = new KeyState(plan);
            for (Change record : key.getValue()) {
                state.route(record, false);
                if (state.shouldFold()) {
                    state.fold();
                }
            }
            NaiveOracle oracle = new NaiveOracle(plan, key.getValue());
            for (long t : program.moments()) {
                if (t >= state.foldedThrough()) {
                    met.compared(state.read(t));
                    Optional<String> difference = Programs.difference(plan, oracle.valuesAt(t), state.read(t));
                    if (difference.isPresent()) {
                        return Optional.of("chained, key " + key.getKey() + " at " + t + ": " + difference.get());
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Map<String, List<Change>> byKey(ViewPlan plan, List<Change> told) {
        Map<String, List<Change>> byKey = new HashMap<>();
        told.forEach(
                record -> byKey.computeIfAbsent(plan.entityKey(record.row()).orElseThrow(), unseen -> new ArrayList<>())
                        .add(record));
        return byKey;
    }

    private static ViewPlan chained(ViewPlan upstream) {
        String of = upstream.features().column(0).name();
        List<FeatureSpec> features = List.of(
                feature("n", "count", of, new Window.Lifetime()),
                feature("last", "last", of, new Window.Lifetime()),
                feature("now", "latest", of, new Window.Lifetime()),
                feature("different", "distinct", of, Window.Sliding.of(3_600_000)),
                feature("three", "last_k", "_known_time", new Window.Rows(3)));
        ViewSpec spec = new ViewSpec(
                "chained",
                upstream.spec().entity().subList(0, 1),
                Optional.empty(),
                List.of(),
                features,
                1,
                1,
                10_000,
                16);
        return ViewPlan.compile(spec, new ChangelogRecords(upstream).schema());
    }

    private static FeatureSpec feature(String name, String aggregate, String of, Window window) {
        return new FeatureSpec(name, aggregate, Map.of(), Optional.of(of), Optional.empty(), window);
    }
}
