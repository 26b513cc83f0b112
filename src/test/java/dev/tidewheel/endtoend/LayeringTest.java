package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which module may know which: the table of {@code docs/architecture.md} as data. A module may use what it points at, and
 * whatever that may use. Most modules are separate so that a stray import is a compile error; this keeps somebody from
 * making it compile by a line in a POM.
 */
class LayeringTest {
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            // Mathematics and bytes: nothing else of ours.
            Map.entry("feature-model", Set.of()),
            Map.entry("records", Set.of()),
            // A definition is checked by building the mathematics from it.
            Map.entry("definitions", Set.of("feature-model")),
            Map.entry("runtime", Set.of("records", "definitions")),
            Map.entry("store", Set.of("feature-model")),
            Map.entry("drift-statistics", Set.of()),
            // A reference profile is mathematics over a training set.
            Map.entry("feature-history", Set.of("feature-model", "drift-statistics", "definitions", "runtime")),
            Map.entry("feature-jobs", Set.of("feature-model", "store", "definitions", "runtime")),
            // The same classes on many machines; feature-history itself knows no engine.
            Map.entry("history-jobs", Set.of("feature-history", "definitions", "runtime")),
            Map.entry("model-server", Set.of("runtime")),
            Map.entry("sidecar", Set.of("store", "definitions", "runtime")),
            Map.entry("monitoring-jobs", Set.of("drift-statistics", "definitions", "runtime")),
            Map.entry("lifecycle", Set.of("definitions", "runtime")),
            Map.entry("cluster-agent", Set.of("definitions", "runtime")),
            Map.entry("submission", Set.of("definitions", "runtime")),
            Map.entry("trainer", Set.of("feature-history", "definitions", "runtime")),
            // The workbench starts the other processes by their class paths and links neither jobs nor servers. It
            // looks into Redis and submits jobs itself.
            Map.entry("workbench", Set.of("runtime", "definitions", "feature-history", "store", "submission")),
            // Measures the path of a stream, and its parts; and training sets, from definitions as users write them.
            Map.entry(
                    "benchmarks",
                    Set.of("feature-model", "store", "feature-jobs", "feature-history", "definitions", "runtime")),
            // Tests see the whole from outside.
            Map.entry("end-to-end", Set.of("runtime", "workbench")));

    static Stream<ModulePom> modules() {
        return ModulePom.all(Repository.find()).stream();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void usesOnlyWhatItMay(ModulePom module) {
        assertThat(MAY_USE).as("a new module needs a row here").containsKey(module.name());
        assertThat(reach(module.name()))
                .as("what %s may use; if it must use more, change the architecture first", module.folder())
                .containsAll(module.ours());
    }

    @Test
    void hasNoRowForAModuleThatIsGone() {
        assertThat(modules().map(ModulePom::name)).containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
    }

    @Test
    void theTableHasNoCircles() {
        assertThat(MAY_USE.keySet()).allSatisfy(name -> assertThat(reach(name)).doesNotContain(name));
    }

    @Test
    void parentsComeBeforeTheirUsersInTheModuleList() {
        List<String> order = modules().map(ModulePom::name).toList();
        assertThat(modules())
                .allSatisfy(module -> assertThat(order.subList(0, order.indexOf(module.name())))
                        .containsAll(module.ours()));
    }

    private static Set<String> reach(String module) {
        Set<String> reached = new TreeSet<>();
        for (String next : MAY_USE.getOrDefault(module, Set.of())) {
            if (reached.add(next)) {
                reached.addAll(reach(next));
            }
        }
        return reached;
    }
}
