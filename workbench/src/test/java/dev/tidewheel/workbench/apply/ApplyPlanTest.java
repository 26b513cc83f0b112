package dev.tidewheel.workbench.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyPlanTest {
    private static final RegistryEntry SOURCE = entry("Source", "flights", "sha256:1");
    private static final RegistryEntry VIEW = entry("FeatureView", "origin_delays", "sha256:2");

    @Test
    void anEmptyRegistryGetsEverything() {
        ApplyPlan plan = ApplyPlan.of(List.of(SOURCE, VIEW), Map.of());

        assertThat(plan.changes())
                .extracting(PlannedChange::entry, PlannedChange::action, PlannedChange::lineage)
                .containsExactly(tuple(SOURCE, Action.ADD, 0L), tuple(VIEW, Action.ADD, 1L));
        assertThat(plan.isEmpty()).isFalse();
        assertThat(plan.waits()).isFalse();
    }

    @Test
    void whatIsInForceIsKept() {
        ApplyPlan plan = ApplyPlan.of(List.of(VIEW), Map.of(VIEW.key(), inForce(VIEW, "sha256:2", 7)));

        assertThat(plan.changes()).containsExactly(new PlannedChange(VIEW, Action.KEEP, 7));
        assertThat(plan.isEmpty()).isTrue();
    }

    @Test
    void aViewThatChangesBeforeAnyJobHasRunIsInForceAtOnce() {
        ApplyPlan plan = ApplyPlan.of(List.of(VIEW), Map.of(VIEW.key(), inForce(VIEW, "sha256:9", 7)));

        PlannedChange change = plan.changes().get(0);
        assertThat(change.action()).isEqualTo(Action.CHANGE);
        assertThat(change.lineage()).isEqualTo(8);
        assertThat(change.computes()).singleElement().satisfies(lineage -> {
            assertThat(lineage.id()).isEqualTo("origin_delays@8");
            assertThat(lineage.cohort()).isEqualTo(ViewLineages.MAIN);
        });
    }

    @Test
    void aViewWhoseSourceChangesGetsANewLineage(@TempDir Path folder) throws Exception {
        Map<String, Definition> inForce = new HashMap<>();
        for (PlannedChange change :
                ApplyPlan.of(flights(folder, "horizon: 1d"), Map.of()).changes()) {
            inForce.put(
                    change.entry().key(), inForce(change.entry(), change.entry().hash(), change.lineage()));
        }

        ApplyPlan plan = ApplyPlan.of(flights(folder, "horizon: 2d"), inForce);

        assertThat(plan.changes())
                .filteredOn(change -> change.entry().kind().equals("FeatureView"))
                .hasSize(2)
                .allSatisfy(change -> {
                    assertThat(change.action()).isEqualTo(Action.CHANGE);
                    assertThat(change.lineage()).isEqualTo(2);
                });
    }

    @Test
    void aLineageIsNeverGivenOutTwice() {
        ApplyPlan before = ApplyPlan.of(List.of(VIEW), Map.of(VIEW.key(), inForce(VIEW, "sha256:9", 7)));
        Definition remembered = Applier.numbers(before, Map.of(), 0).get(0);
        Map<String, Definition> afterRemoval = Map.of("Lineage/origin_delays", remembered);

        assertThat(ApplyPlan.of(List.of(VIEW), afterRemoval).changes())
                .extracting(PlannedChange::action, PlannedChange::lineage)
                .containsExactly(tuple(Action.ADD, 9L));
    }

    /** The flights of the examples with another horizon. */
    private static List<RegistryEntry> flights(Path folder, String horizon) throws IOException {
        Path examples = Path.of("../examples/flights");
        for (String file : List.of(
                "source.yaml",
                "origin_delays.yaml",
                "route_delays.yaml",
                "service.yaml",
                "model.yaml",
                "flight.avsc")) {
            String text = Files.readString(examples.resolve(file));
            assertThat(!file.equals("source.yaml") || text.contains("horizon: 1d"))
                    .isTrue();
            Files.writeString(folder.resolve(file), text.replace("horizon: 1d", horizon));
        }
        return Definitions.load(folder).orThrow().toRegistry();
    }

    private static RegistryEntry entry(String kind, String name, String hash) {
        return new RegistryEntry(kind, name, hash, "{}", List.of());
    }

    private static Definition inForce(RegistryEntry entry, String hash, long lineage) {
        return new Definition(entry.kind(), entry.name(), hash, entry.body(), lineage, List.of(), 0L);
    }
}
