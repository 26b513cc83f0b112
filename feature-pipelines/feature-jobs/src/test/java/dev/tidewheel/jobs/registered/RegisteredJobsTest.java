package dev.tidewheel.jobs.registered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.jobs.JobDefinition;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.records.Definition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class RegisteredJobsTest {
    private static final Definitions FLIGHTS =
            Definitions.load(Path.of("../../examples/flights")).orThrow();

    @Test
    void aJobHasOneStagePerEntity() {
        JobDefinition job = RegisteredJobs.of(snapshot(), "flights");

        assertThat(job.source().topic()).isEqualTo("flights");
        assertThat(job.source().eventId()).isEqualTo("flight_id");
        assertThat(job.horizonMillis()).isEqualTo(Duration.ofDays(1).toMillis());
        assertThat(job.entities())
                .extracting(JobDefinition.Entity::stage)
                .containsExactly("origin", "origin+destination");
        assertThat(job.columns().get()).isEqualTo(FLIGHTS.sourceSchema("flights"));
    }

    @Test
    void viewsTravelAsTextAndCompileToTheSamePlans() throws Exception {
        JobDefinition job = RegisteredJobs.of(snapshot(), "flights");

        List<StageView> views =
                InstantiationUtil.clone(job.entities().get(0).views()).get();

        assertThat(views).singleElement().satisfies(view -> {
            assertThat(view.lineage()).isEqualTo(5);
            assertThat(view.plan().spec())
                    .isEqualTo(FLIGHTS.viewPlan("origin_delays").spec());
            assertThat(view.plan().features())
                    .isEqualTo(FLIGHTS.viewPlan("origin_delays").features());
        });
    }

    @Test
    void aSourceThatWasNotAppliedIsNamed() {
        assertThatThrownBy(() -> RegisteredJobs.of(snapshot(), "trains"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'trains'")
                .hasMessageContaining("apply");
    }

    @Test
    void aSourceWithoutViewsIsRefused() {
        Map<String, Definition> snapshot = snapshot();
        snapshot.keySet().removeIf(key -> !key.startsWith("Source/"));

        assertThatThrownBy(() -> RegisteredJobs.of(snapshot, "flights")).hasMessageContaining("has no views");
    }

    private static Map<String, Definition> snapshot() {
        Map<String, Definition> snapshot = new TreeMap<>();
        for (RegistryEntry entry : FLIGHTS.toRegistry()) {
            snapshot.put(
                    entry.key(),
                    new Definition(entry.kind(), entry.name(), entry.hash(), entry.body(), 5L, List.of(), 0L));
        }
        return snapshot;
    }
}
