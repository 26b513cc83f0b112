package dev.tidewheel.workbench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.records.Definition;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApplyPlanTest {
    private static final RegistryEntry SOURCE = entry("Source", "flights", "sha256:1");
    private static final RegistryEntry VIEW = entry("FeatureView", "origin_delays", "sha256:2");

    @Test
    void anEmptyRegistryGetsEverything() {
        ApplyPlan plan = ApplyPlan.of(List.of(SOURCE, VIEW), Map.of());

        assertThat(plan.changes())
                .containsExactly(new PlannedChange(SOURCE, Action.ADD, 0), new PlannedChange(VIEW, Action.ADD, 1));
        assertThat(plan.isEmpty()).isFalse();
    }

    @Test
    void whatIsInForceIsKept() {
        ApplyPlan plan = ApplyPlan.of(List.of(VIEW), Map.of(VIEW.key(), inForce(VIEW, "sha256:2", 7)));

        assertThat(plan.changes()).containsExactly(new PlannedChange(VIEW, Action.KEEP, 7));
        assertThat(plan.isEmpty()).isTrue();
    }

    @Test
    void aViewThatChangesGetsANewLineage() {
        ApplyPlan plan = ApplyPlan.of(List.of(VIEW), Map.of(VIEW.key(), inForce(VIEW, "sha256:9", 7)));

        assertThat(plan.changes()).containsExactly(new PlannedChange(VIEW, Action.CHANGE, 8));
    }

    private static RegistryEntry entry(String kind, String name, String hash) {
        return new RegistryEntry(kind, name, hash, "{}", List.of());
    }

    private static Definition inForce(RegistryEntry entry, String hash, long lineage) {
        return new Definition(entry.kind(), entry.name(), hash, entry.body(), lineage, List.of(), 0L);
    }
}
