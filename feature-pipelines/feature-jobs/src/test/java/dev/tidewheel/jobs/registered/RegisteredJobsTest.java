package dev.tidewheel.jobs.registered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.jobs.JobDefinition;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class RegisteredJobsTest {
    private static final Definitions FLIGHTS =
            Definitions.load(Path.of("../../examples/flights")).orThrow();

    @Test
    void aJobHasOneStagePerEntity() {
        JobDefinition job = RegisteredJobs.of(snapshot(), "flights");

        assertThat(job.source().only().topic()).isEqualTo("flights");
        assertThat(job.source().only().eventId()).isEqualTo("flight_id");
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

    @Test
    void aLineageThatJoinedLaterIsACohortOfItsOwn() {
        Map<String, Definition> snapshot = snapshot();
        put(snapshot, lineage(snapshot, 5, 0));
        put(snapshot, lineage(snapshot, 6, 1));

        JobDefinition job = RegisteredJobs.of(snapshot, "flights");

        assertThat(job.entities())
                .extracting(JobDefinition.Entity::stage)
                .containsExactly("origin", "origin+destination");
        assertThat(job.cohorts()).singleElement().satisfies(cohort -> {
            assertThat(cohort.number()).isEqualTo(1);
            assertThat(cohort.job().source()).isEqualTo(job.source());
            assertThat(cohort.job().entities())
                    .singleElement()
                    .satisfies(entity -> assertThat(entity.views().get())
                            .singleElement()
                            .satisfies(view -> {
                                assertThat(view.name()).isEqualTo("origin_delays");
                                assertThat(view.lineage()).isEqualTo(6);
                            }));
        });
    }

    @Test
    void theMainPipelineStaysWithoutViewsBecauseItWritesTheRawTable() {
        Map<String, Definition> snapshot = snapshot();
        Definition served = Objects.requireNonNull(snapshot.get("FeatureView/origin_delays"));
        snapshot.keySet().removeIf(key -> key.startsWith("FeatureView/"));
        snapshot.put(
                "FeatureView/origin_delays",
                new Definition(
                        served.getKind(), served.getName(), served.getHash(), served.getBody(), 6L, List.of(), 0L));
        put(snapshot, lineage(snapshot, 6, 1));

        JobDefinition job = RegisteredJobs.of(snapshot, "flights");

        assertThat(job.entities()).isEmpty();
        assertThat(job.cohorts()).hasSize(1);
        assertThat(job.columns().get()).isEqualTo(FLIGHTS.sourceSchema("flights"));
    }

    @Test
    void oneCohortReadsTheSourceInOneWay() {
        Map<String, Definition> snapshot = snapshot();
        ViewLineage known = lineage(snapshot, 6, 1);
        put(snapshot, known);
        put(
                snapshot,
                new ViewLineage(
                        "origin_delays",
                        7,
                        "flights",
                        1,
                        known.hash(),
                        known.viewBody(),
                        known.sourceBody().replace("\"1d\"", "\"2d\"")));

        assertThatThrownBy(() -> RegisteredJobs.of(snapshot, "flights"))
                .hasMessageContaining("origin_delays@6")
                .hasMessageContaining("origin_delays@7")
                .hasMessageContaining("cohort 1");
    }

    private static ViewLineage lineage(Map<String, Definition> snapshot, long lineage, long cohort) {
        Definition view = Objects.requireNonNull(snapshot.get("FeatureView/origin_delays"));
        Definition source = Objects.requireNonNull(snapshot.get("Source/flights"));
        return new ViewLineage(
                "origin_delays", lineage, "flights", cohort, view.getHash(), view.getBody(), source.getBody());
    }

    private static void put(Map<String, Definition> snapshot, ViewLineage lineage) {
        Definition record = ViewLineages.computed(lineage, 0);
        snapshot.put(record.getKind() + "/" + record.getName(), record);
    }

    private static Map<String, Definition> snapshot() {
        return snapshot(FLIGHTS);
    }

    private static Map<String, Definition> snapshot(Definitions definitions) {
        Map<String, Definition> snapshot = new TreeMap<>();
        for (RegistryEntry entry : definitions.toRegistry()) {
            snapshot.put(
                    entry.key(),
                    new Definition(entry.kind(), entry.name(), entry.hash(), entry.body(), 5L, List.of(), 0L));
        }
        return snapshot;
    }

    private static final Definitions ENGINE =
            Definitions.load(Path.of("../../examples/engine")).orThrow();

    @Test
    void theJobOfAChangelogTellsIt() throws Exception {
        Map<String, Definition> snapshot = snapshot(ENGINE);

        JobDefinition job = RegisteredJobs.of(snapshot, "routes_changelog");

        assertThat(job.entities()).extracting(JobDefinition.Entity::stage).containsExactly("origin");
        assertThat(job.chains()).singleElement().satisfies(chain -> {
            assertThat(chain.topic()).isEqualTo(job.source().only().topic());
            assertThat(chain.view()).isEqualTo("routes");
            assertThat(chain.origin().only().topic()).isEqualTo("flights");
            assertThat(chain.columns().get()).isEqualTo(ENGINE.sourceSchema("flights"));
            assertThat(InstantiationUtil.clone(chain.plan()).get().spec())
                    .isEqualTo(ENGINE.viewPlan("routes").spec());
        });
        assertThat(RegisteredJobs.of(snapshot, "flights").chains())
                .as("the upstream's job does not")
                .isEmpty();
    }

    /** The lineage of a former definition reads another topic: the same job tells both. */
    @Test
    void theJobTellsWhatEveryLineageReads() {
        Map<String, Definition> snapshot = snapshot(ENGINE);
        Definition view = Objects.requireNonNull(snapshot.get("FeatureView/worst_routes"));
        Definition source = Objects.requireNonNull(snapshot.get("Source/routes_changelog"));
        String topic = ENGINE.source("routes_changelog").only().topic();
        String before = topic.substring(0, topic.length() - 12) + "0123456789ab";
        put(snapshot, new ViewLineage("worst_routes", 5, "routes_changelog", 0, "h", view.getBody(), source.getBody()));
        put(
                snapshot,
                new ViewLineage(
                        "worst_routes",
                        4,
                        "routes_changelog",
                        3,
                        "h",
                        view.getBody(),
                        source.getBody().replace(topic, before)));

        JobDefinition job = RegisteredJobs.of(snapshot, "routes_changelog");

        assertThat(job.chains()).extracting(chain -> chain.topic()).containsExactlyInAnyOrder(before, topic);
        assertThat(job.cohorts())
                .singleElement()
                .satisfies(cohort ->
                        assertThat(cohort.job().source().only().topic()).isEqualTo(before));
    }

    @Test
    void whatAnotherVersionWroteStopsNoJobThatDoesNotReadIt() {
        Map<String, Definition> snapshot = snapshot(ENGINE);
        put(snapshot, new ViewLineage("trains", 1, "trains", 0, "h", "{}", "{\"kind\": \"Source\", \"newer\": 1}"));

        assertThat(RegisteredJobs.of(snapshot, "flights").chains()).isEmpty();
        assertThat(RegisteredJobs.of(snapshot, "routes_changelog").chains()).hasSize(1);
    }

    /** Two declarations of one topic differ at most in what decides no value; the newer one knows why. */
    @Test
    void aChangelogIsToldAsItIsDeclaredNow() {
        Map<String, Definition> snapshot = snapshot(ENGINE);
        Definition view = Objects.requireNonNull(snapshot.get("FeatureView/worst_routes"));
        Definition source = Objects.requireNonNull(snapshot.get("Source/routes_changelog"));
        String older = source.getBody().replace("\"horizon\":\"1d\"", "\"horizon\":\"2d\"");
        assertThat(older).isNotEqualTo(source.getBody());
        put(snapshot, new ViewLineage("worst_routes", 4, "routes_changelog", 3, "h", view.getBody(), older));

        assertThat(RegisteredJobs.of(snapshot, "routes_changelog").chains())
                .singleElement()
                .satisfies(chain -> assertThat(chain.horizonMillis())
                        .isEqualTo(ENGINE.source("flights").horizon().toMillis()));
    }
}
