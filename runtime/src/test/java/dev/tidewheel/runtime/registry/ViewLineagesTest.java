package dev.tidewheel.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ViewLineagesTest {
    private static final String VIEW_BODY = "{\"spec\":{\"source\":\"flights\"}}";
    private static final ViewLineage SECOND =
            new ViewLineage("delays", 2, "flights", 1, "sha256:2", VIEW_BODY, "{\"kind\":\"Source\"}");

    @Test
    void whatWasRecordedIsRead() {
        assertThat(ViewLineages.computed(snapshot(ViewLineages.computed(SECOND, 7))))
                .containsExactly(SECOND);
        assertThat(ViewLineages.retired(snapshot(ViewLineages.retired(SECOND, 7))))
                .containsExactly(SECOND);
        assertThat(ViewLineages.computed(snapshot(ViewLineages.retired(SECOND, 7))))
                .isEmpty();
    }

    @Test
    void theSameLineageGivesTheSameHash() {
        assertThat(ViewLineages.computed(SECOND, 7).getHash())
                .isEqualTo(ViewLineages.computed(SECOND, 8).getHash());
    }

    @Test
    void aViewWithoutARecordOfItsLineageBelongsToTheMainPipeline() {
        Definition view = new Definition("FeatureView", "delays", "sha256:1", VIEW_BODY, 1L, List.of(), 0L);
        Definition source = new Definition("Source", "flights", "sha256:s", "{}", 0L, List.of(), 0L);

        assertThat(ViewLineages.ofSource(snapshot(view, source, ViewLineages.computed(SECOND, 0)), "flights"))
                .containsExactly(
                        new ViewLineage("delays", 1, "flights", ViewLineages.MAIN, "sha256:1", VIEW_BODY, "{}"),
                        SECOND);
        assertThat(ViewLineages.ofSource(snapshot(view, source), "trains")).isEmpty();
    }

    @Test
    void theRecordOfALineageWinsOverThePointerToIt() {
        Definition view = new Definition("FeatureView", "delays", "sha256:2", VIEW_BODY, 2L, List.of(), 0L);
        Definition source = new Definition("Source", "flights", "sha256:s", "{}", 0L, List.of(), 0L);

        assertThat(ViewLineages.ofSource(snapshot(view, source, ViewLineages.computed(SECOND, 0)), "flights"))
                .containsExactly(SECOND);
    }

    @Test
    void theNewestCohortIsRemembered() {
        assertThat(ViewLineages.newestCohort(Map.of(), "flights")).isEqualTo(ViewLineages.MAIN);
        assertThat(ViewLineages.newestCohort(snapshot(ViewLineages.newestCohort("flights", 4, 0)), "flights"))
                .isEqualTo(4);
    }

    @Test
    void aRecordThatIsNoJsonIsNamed() {
        Definition broken = new Definition(ViewLineages.KIND, "delays@1", "sha256:1", "{", 1L, List.of(), 0L);

        assertThatThrownBy(() -> ViewLineages.computed(snapshot(broken))).hasMessageContaining("ViewLineage/delays@1");
    }

    private static Map<String, Definition> snapshot(Definition... definitions) {
        Map<String, Definition> snapshot = new TreeMap<>();
        for (Definition definition : definitions) {
            snapshot.put(Registry.key(definition.getKind(), definition.getName()), definition);
        }
        return snapshot;
    }
}
