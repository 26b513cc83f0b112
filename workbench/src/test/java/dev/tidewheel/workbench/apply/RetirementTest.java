package dev.tidewheel.workbench.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryLog;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.LineageNeeds.Need;
import dev.tidewheel.workbench.cli.Tidewheel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A lineage leaves the registry, the job, the store; a real broker and a real Redis, the job is played. */
class RetirementTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String VIEW_BODY = "{\"spec\":{\"source\":\"flights\"}}";
    private static final String OLD = "delays@1";
    private static final String NEW = "delays@2";
    private static final Retirement.Orders STOPPED = new Retirement.Orders(Set.of(), true);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
    }

    @Test
    void whoeverNeedsALineageIsNamed() {
        Map<String, Definition> registry = registry();
        LineageNeeds needs = new LineageNeeds(registry);

        assertThat(needs.of(lineage(2)))
                .containsExactly(
                        new Need("FeatureView/delays", true),
                        new Need("FeatureService/departure", true),
                        new Need("late.2", true));
        assertThat(needs.of(lineage(1))).containsExactly(new Need("late.1", false));
        put(registry, ServingRecords.traffic("late", 2, "2", Optional.of("1"), Optional.empty(), 0));
        assertThat(needs.of(lineage(1))).containsExactly(new Need("late.1", true));
    }

    @Test
    void whatServesCannotBeGivenUp() {
        Map<String, Definition> registry = registry();
        StageFrontiers never = new StageFrontiers();

        assertThat(next(OLD, registry, never))
                .isEqualTo(new Retirement.Step.Needed(List.of(new Need("late.1", false))));
        assertThat(next(OLD, registry, never, "late.1")).isEqualTo(new Retirement.Step.Retired(false));
        assertThat(next(NEW, registry, never, "late.2", "FeatureService/departure", "FeatureView/delays"))
                .isEqualTo(new Retirement.Step.Needed(
                        List.of(new Need("FeatureService/departure", true), new Need("late.2", true))));
        assertThatThrownBy(() -> next("delays@9", registry, never))
                .isInstanceOf(WorkbenchException.class)
                .hasMessageContaining("delays@9")
                .hasMessageContaining("tidewheel lineages");
    }

    /** A sidecar serves it with the service in force, so it needs what that reads. */
    @Test
    void aVersionWithoutAPinNeedsWhatIsInForce() {
        Map<String, Definition> registry = registry();
        registry.remove("ServicePin/sha256:d1");
        registry.remove("ServicePin/sha256:d2");
        LineageNeeds needs = new LineageNeeds(registry);

        assertThat(needs.of(lineage(2))).contains(new Need("late.2", true));
        assertThat(needs.of(lineage(1))).as("nobody can serve late.1 any more").isEmpty();
    }

    private static Retirement.Step next(
            String id, Map<String, Definition> registry, StageFrontiers stages, String... giveUp) {
        return Retirement.next(id, registry, 7, stages, new Retirement.Orders(Set.of(giveUp), false));
    }

    @Test
    void aLineageLeavesTheRegistryThenTheJobThenTheStore() throws Exception {
        publish(registry());
        PlayedJob job = new PlayedJob(KAFKA.config(), "flights");
        job.acknowledge("origin", 10, OLD);
        job.acknowledge("origin@1", 10, NEW);
        try (RedisFeatureStore store = store()) {
            write(store, 1, 1_203);
            write(store, 2, 7);

            assertThat(retire()).as("somebody may want it back").isEqualTo(1);
            assertThat(retire("--give-up", "late.1")).as("the job goes on").isEqualTo(4);
            assertThat(inForce())
                    .doesNotContainKey("ViewLineage/" + OLD)
                    .containsKeys("RetiredLineage/" + OLD, "ViewLineage/" + NEW, "FeatureView/delays");
            assertThat(retire()).as("the job has not begun anew").isEqualTo(4);
            assertThat(store.entities("delays", 1)).hasSize(1_203);

            job.fail();
            job.acknowledge("origin@1", 10, NEW);
            assertThat(retire())
                    .as("its tasks have begun anew, and compute what they did")
                    .isEqualTo(4);
            assertThat(store.entities("delays", 1)).hasSize(1_203);

            job.restart(RegistryLog.read(KAFKA.config(), DEADLINE).size());
            job.acknowledge("origin@1", 10, NEW);
            assertThat(retire("--rate", "100000")).isZero();

            assertThat(store.entities("delays", 1)).isEmpty();
            assertThat(store.entities("delays", 2)).hasSize(7);
            assertThat(inForce()).doesNotContainKey("RetiredLineage/" + OLD);
        }
    }

    @Test
    void onlyAJobThatWasBuiltSinceHasLeftItOut() {
        StageFrontiers stages = new StageFrontiers();
        stages.accept(PlayedJob.frontier("flights", "origin", 5_000, 17, 1, 10, OLD, "other@1"));

        assertThat(stages.isBuiltAfter("flights", 16)).isTrue();
        assertThat(stages.isBuiltAfter("flights", 17)).isFalse();
        stages.accept(PlayedJob.frontier("flights", "origin", 6_000, 17, 1, 10, OLD, "other@1"));
        assertThat(stages.isBuiltAfter("flights", 17)).as("a failure").isFalse();
        stages.accept(PlayedJob.frontier("flights", "origin", 7_000, 18, 1, 10, "other@1"));
        assertThat(stages.isBuiltAfter("flights", 17)).isTrue();
        stages.accept(PlayedJob.frontier("flights", "unsaid", 8_000, -1, 1, 10, OLD));
        assertThat(stages.isBuiltAfter("unsaid", 0)).isFalse();
    }

    @Test
    void aJobHasBegunWhenEachSubtaskOfEachStageHasSaidWhatItContains() {
        Set<String> both = Set.of(OLD, "routes@1");
        StageFrontiers stages = new StageFrontiers();
        for (int subtask = 0; subtask < 2; subtask++) {
            stages.accept(said("origin", 5_000, 17, subtask, FrontierPhase.ACKNOWLEDGED, OLD));
            stages.accept(said("routes", 5_000, 17, subtask, FrontierPhase.ACKNOWLEDGED, "routes@1"));
        }
        assertThat(stages.hasBegunAfter("flights", both, 16)).isTrue();
        assertThat(stages.hasBegunAfter("flights", both, 17)).isFalse();

        stages.accept(said("origin", 6_000, 18, 0, FrontierPhase.ACKNOWLEDGED, OLD));
        assertThat(stages.hasBegunAfter("flights", Set.of(OLD), 17))
                .as("a subtask is silent")
                .isFalse();
        stages.accept(said("origin", 6_000, 18, 1, FrontierPhase.ANNOUNCED, OLD));
        assertThat(stages.hasBegunAfter("flights", Set.of(OLD), 17))
                .as("nothing is acknowledged")
                .isFalse();
        stages.accept(said("origin", 6_000, 18, 1, FrontierPhase.ACKNOWLEDGED, OLD));
        assertThat(stages.hasBegunAfter("flights", Set.of(OLD), 17)).isTrue();
        assertThat(stages.hasBegunAfter("flights", both, 17))
                .as("a stage is silent")
                .isFalse();
        assertThat(stages.hasBegunAfter("flights", Set.of("unheard@1"), 17)).isFalse();
    }

    private static Frontier said(
            String stage, long attempt, long registry, int subtask, FrontierPhase phase, String view) {
        return Frontier.newBuilder(PlayedJob.frontier("flights", stage, attempt, registry, 1, 10, view))
                .setSubtask(subtask)
                .setParallelism(2)
                .setPhase(phase)
                .build();
    }

    @Test
    void theJobOfTheLastLineageOfASourceIsStopped() {
        Map<String, Definition> registry = new TreeMap<>();
        put(registry, ViewLineages.retired(lineage(1), 0));
        StageFrontiers stages = new StageFrontiers();
        stages.accept(PlayedJob.frontier("flights", "origin", 5_000, 1, 1, 10, OLD));

        assertThat(next(OLD, registry, stages)).isEqualTo(new Retirement.Step.AwaitsRestart(true));
        assertThat(Retirement.next(OLD, registry, 7, stages, STOPPED))
                .isEqualTo(new Retirement.Step.Deletable(lineage(1)));
        put(registry, ViewLineages.computed(lineage(2), 0));
        assertThatThrownBy(() -> Retirement.next(OLD, registry, 7, stages, STOPPED))
                .isInstanceOf(WorkbenchException.class)
                .hasMessageContaining("start that job again instead");
    }

    private static int retire(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "retire",
                OLD,
                "--bootstrap",
                KAFKA.bootstrap(),
                "--redis",
                REDIS.uri().toString(),
                "--project",
                "p",
                "--output",
                "json"));
        arguments.addAll(List.of(more));
        return Tidewheel.run(arguments.toArray(String[]::new));
    }

    private static Map<String, Definition> inForce() throws InterruptedException {
        return new Applier(KAFKA.config()).inForce();
    }

    private static RedisFeatureStore store() {
        return new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), "p", DEADLINE));
    }

    private static void write(RedisFeatureStore store, long lineage, int keys) {
        Map<ViewKey, StoredState> batch = new HashMap<>();
        for (int key = 0; key < keys; key++) {
            batch.put(
                    new ViewKey("delays", lineage, "K" + key),
                    new StoredState(new Version(key, 1), new FlushId(1, 0, 1), new byte[0], new byte[] {1, 2}));
        }
        assertThat(store.write(batch).toCompletableFuture().join().accepted()).isEqualTo(keys);
    }

    /** Version 1 of the model was trained on the first lineage, version 2, the champion, on the second. */
    private static Map<String, Definition> registry() {
        Map<String, Definition> registry = new TreeMap<>();
        put(registry, new Definition("Source", "flights", "sha256:s", "{}", 0L, List.of(), 0L));
        pinned(registry, 1);
        pinned(registry, 2);
        put(registry, ViewLineages.computed(lineage(1), 0));
        put(registry, ViewLineages.computed(lineage(2), 0));
        put(registry, ServingRecords.traffic("late", 1, "2", Optional.empty(), Optional.empty(), 0));
        return registry;
    }

    private static void pinned(Map<String, Definition> registry, long version) {
        put(registry, new Definition("FeatureView", "delays", "sha256:v" + version, VIEW_BODY, version, List.of(), 0L));
        put(
                registry,
                new Definition(
                        "FeatureService",
                        "departure",
                        "sha256:d" + version,
                        "{\"spec\":{\"views\":[{\"view\":\"delays\"}]}}",
                        0L,
                        List.of(),
                        0L));
        put(registry, ServingRecords.servicePin("departure", registry, 0));
        put(
                registry,
                ServingRecords.modelVersion(
                        "late",
                        Long.toString(version),
                        "{\"service\":\"departure\",\"serviceHash\":\"sha256:d" + version + "\"}",
                        Optional.empty(),
                        0));
    }

    private static ViewLineage lineage(long number) {
        return new ViewLineage("delays", number, "flights", number - 1, "sha256:v" + number, VIEW_BODY, "{}");
    }

    private static void put(Map<String, Definition> registry, Definition definition) {
        registry.put(Registry.key(definition.getKind(), definition.getName()), definition);
    }

    private static void publish(Map<String, Definition> registry) {
        try (RegistryPublisher publisher = new RegistryPublisher(KAFKA.config(), DEADLINE)) {
            registry.values().forEach(definition -> publisher.publish(definition, Map.of()));
        }
    }
}
