package dev.tidewheel.workbench.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileBuilder;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.drift.profile.SegmentProfile;
import dev.tidewheel.feature.view.Version;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.records.ViewLineage;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Erasures.Erasure;
import dev.tidewheel.runtime.registry.RegistryLog;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.apply.ApplyPlan;
import dev.tidewheel.workbench.apply.JobProgress;
import dev.tidewheel.workbench.apply.PlannedChange;
import dev.tidewheel.workbench.apply.PlayedJob;
import dev.tidewheel.workbench.apply.StageFrontiers;
import dev.tidewheel.workbench.cli.Tidewheel;
import dev.tidewheel.workbench.erase.ErasureScope.Keyed;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An entity comes on the list, leaves the job, leaves the store; a real broker and a real Redis, the job is played. */
class ErasingTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Path ENGINE = Path.of("../examples/engine");
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @TempDir
    static Path folder;

    @BeforeAll
    static void apply() throws Exception {
        KAFKA.createOwnTopics();
        Files.writeString(folder.resolve("key"), SECRET + "\n");
        new Applier(KAFKA.config()).apply(plan(withoutChain()), Map.of(), 0);
    }

    private static ApplyPlan plan(Path definitions) {
        return ApplyPlan.of(Definitions.load(definitions).orThrow().toRegistry(), Map.of(), JobProgress.NONE);
    }

    private static Path withoutChain() throws IOException {
        Path engine = Files.createDirectories(folder.resolve("engine"));
        for (String file : List.of(
                "airports.yaml",
                "destinations.yaml",
                "source.yaml",
                "customer.yaml",
                "customers.yaml",
                "customer.avsc")) {
            Files.copy(ENGINE.resolve(file), engine.resolve(file));
        }
        String routes = Files.readString(ENGINE.resolve("routes.yaml"));
        Files.writeString(engine.resolve("routes.yaml"), routes.substring(0, routes.indexOf("---")));
        Path flights = Files.createDirectories(folder.resolve("flights"));
        Files.copy(ENGINE.resolve("../flights/flight.avsc"), flights.resolve("flight.avsc"));
        return engine;
    }

    @Test
    void anEntityIsWhereverASourceHasItsColumns() throws Exception {
        ErasureScope origin = scope(Map.of("origin", "ORD"));
        assertThat(origin.sources()).containsExactly("flights");
        assertThat(origin.keyed())
                .contains(
                        new Keyed("airports", 1, List.of("origin")),
                        new Keyed("routes", 1, List.of("origin", "destination")));

        ErasureScope destination = scope(Map.of("destination", "STL"));
        assertThat(destination.keyed()).containsExactly(new Keyed("routes", 1, List.of("origin", "destination")));
        assertThat(destination.others()).contains("airports", "destinations");
    }

    @Test
    void whatCannotBeErasedIsRefusedBeforeAnythingIsDone() throws Exception {
        long before = RegistryLog.read(KAFKA.config(), DEADLINE).size();

        assertThat(erase("customer_id=7")).as("a table's changes").isEqualTo(ExitCode.FAILED);
        assertThat(erase("nobody=7")).as("no such column").isEqualTo(ExitCode.FAILED);
        assertThat(erase("delay=1.5")).as("no such number").isEqualTo(ExitCode.FAILED);
        assertThat(erase("origin=ORD", "--cut", "tidewheel.definitions"))
                .as("may not be cut")
                .isEqualTo(ExitCode.FAILED);
        assertThat(erase("origin=ORD", "--warehouse", tables()))
                .as("no catalog")
                .isEqualTo(ExitCode.FAILED);
        assertThatThrownBy(() -> scope(Map.of("customer_id", "7")))
                .isInstanceOf(WorkbenchException.class)
                .hasMessageContaining("customers")
                .hasMessageContaining("change stream");
        assertThatThrownBy(() -> scope(Map.of("delay", "007"))).hasMessageContaining("INT64");
        assertThat(RegistryLog.read(KAFKA.config(), DEADLINE)).hasSize((int) before);
    }

    @Test
    void aChangelogRemembersItByOtherKeys() {
        Map<String, Definition> registry = new TreeMap<>();
        for (PlannedChange change : plan(ENGINE).changes()) {
            change.computes()
                    .forEach(lineage -> registry.put("ViewLineage/" + lineage.id(), ViewLineages.computed(lineage, 0)));
        }

        assertThatThrownBy(() -> ErasureScope.of(registry, new TreeMap<>(Map.of("origin", "ORD"))))
                .hasMessageContaining("view's changelog");
    }

    @Test
    void theJobOfAChangelogThatIsToldFromItIsWaitedForToo() {
        Map<String, Definition> registry = new TreeMap<>();
        for (PlannedChange change : plan(ENGINE).changes()) {
            change.computes()
                    .forEach(lineage -> registry.put("ViewLineage/" + lineage.id(), ViewLineages.computed(lineage, 0)));
        }

        ErasureScope scope = ErasureScope.of(registry, new TreeMap<>(Map.of("flight_id", "7")));

        assertThat(scope.sources()).containsExactly("flights");
        assertThat(scope.jobs()).containsOnlyKeys("flights", "routes_changelog");
        assertThat(scope.remembering()).contains("routes_changelog");
    }

    /** Its table is there still, and whoever is in it. */
    @Test
    void anEntityIsInASourceOfWhichNothingIsComputedAnyMore() throws Exception {
        Map<String, Definition> registry = new TreeMap<>(inForce());
        registry.keySet().removeIf(key -> !key.startsWith("Source/"));

        ErasureScope scope = ErasureScope.of(registry, new TreeMap<>(Map.of("origin", "ORD")));

        assertThat(scope)
                .isEqualTo(new ErasureScope(
                        Set.of("flights"), Map.of(), Set.of("flights"), List.of(), Set.of(), Set.of()));
        assertThatThrownBy(() -> ErasureScope.of(registry, new TreeMap<>(Map.of("nobody", "7"))))
                .hasMessageContaining("no source has the columns [nobody]");
    }

    /** Until it is stopped, it writes what is retired, and the raw table. */
    @Test
    void theJobOfRetiredLineagesIsWaitedForUntilItIsStopped() {
        Map<String, Definition> registry = new TreeMap<>();
        for (PlannedChange change : plan(ENGINE).changes()) {
            change.computes()
                    .forEach(lineage ->
                            registry.put("RetiredLineage/" + lineage.id(), ViewLineages.retired(lineage, 0)));
        }
        StageFrontiers stages = new StageFrontiers();
        stages.accept(frontier(3));

        ErasureScope scope = ErasureScope.of(registry, new TreeMap<>(Map.of("flight_id", "7")));

        assertThat(scope.jobs()).isEqualTo(Map.of("flights", Set.of(), "routes_changelog", Set.of()));
        List<String> waiting = Erasing.waiting(Erasing.running(scope.jobs(), Set.of()), 5, stages);
        assertThat(waiting).containsExactly("flights");
        assertThat(EraseReport.waiting(new Erasing.Step(scope, waiting, Map.of()))
                        .waits())
                .anyMatch(sentence -> sentence.contains("--job-stopped flights"));
        assertThat(Erasing.waiting(Erasing.running(scope.jobs(), Set.of("flights")), 5, stages))
                .as("as somebody says")
                .isEmpty();
        assertThatThrownBy(() -> Erasing.running(Map.of("flights", Set.of("airports@1")), Set.of("flights")))
                .isInstanceOf(WorkbenchException.class)
                .hasMessageContaining("--job-stopped");
        stages.accept(frontier(6));
        assertThat(Erasing.waiting(Erasing.running(scope.jobs(), Set.of()), 5, stages))
                .as("it was built since, without them")
                .isEmpty();
    }

    /** @param registry the position of the registry that the job was built from */
    private static Frontier frontier(long registry) {
        return Frontier.newBuilder()
                .setJob("flights")
                .setStage("origin")
                .setViews(List.of(new ViewLineage("airports", 1L)))
                .setAttempt(registry)
                .setRegistry(registry)
                .setSubtask(0)
                .setParallelism(1)
                .setFirstKeyGroup(0)
                .setLastKeyGroup(127)
                .setFlush(1L)
                .setPhase(FrontierPhase.ACKNOWLEDGED)
                .setPartitions(List.of(new PartitionFrontier("flights", 0, 10L)))
                .setImports(List.of())
                .build();
    }

    @Test
    void itComesOnTheListThenLeavesTheJobThenTheStore() throws Exception {
        PlayedJob job = new PlayedJob(KAFKA.config(), "flights");
        job.acknowledge("origin", 10, "airports@1");
        try (RedisFeatureStore store = store()) {
            write(store, "airports", "ORD", "LAX");
            write(store, "routes", "ORD|LAX", "LAX|ORD", "ORD2|LAX");

            assertThat(erase("origin=ORD")).as("the job goes on").isEqualTo(ExitCode.WAITS);
            List<Erasure> list = Erasures.all(inForce());
            assertThat(list).extracting(Erasure::columns).containsExactly(List.of("origin"));
            assertThat(erase("origin=ORD")).as("the same again").isEqualTo(ExitCode.WAITS);
            assertThat(Erasures.all(inForce())).isEqualTo(list);
            job.fail();
            job.acknowledge("origin", 10, "airports@1");
            assertThat(erase("origin=ORD")).as("its tasks began anew").isEqualTo(ExitCode.WAITS);
            assertThat(store.entities("airports", 1)).containsExactly("LAX", "ORD");

            job.restart(RegistryLog.read(KAFKA.config(), DEADLINE).size());
            job.acknowledge("origin", 10, "airports@1");
            assertThat(erase("origin=ORD", "--tombstone-life", "50ms"))
                    .as("one of its stages has said nothing yet")
                    .isEqualTo(ExitCode.WAITS);
            job.acknowledge("others", 10, others());
            assertThat(erase("origin=ORD", "--tombstone-life", "50ms"))
                    .as("nobody said where the tables are")
                    .isEqualTo(ExitCode.NOT_SOUND);

            assertThat(store.entities("airports", 1)).containsExactly("LAX");
            assertThat(store.entities("routes", 1)).containsExactly("LAX|ORD", "ORD2|LAX");
            assertThat(erase("origin=ORD", "--warehouse", tables(), "--catalog", "jdbc:sqlite:/nowhere/at/all.db"))
                    .as("the store is done, the tables fail: that is reported")
                    .isEqualTo(ExitCode.NOT_SOUND);
            assertThat(erase("origin=ORD", "--warehouse", tables(), "--catalog", "jdbc:sqlite:" + tables() + ".db"))
                    .as("once more, with tables")
                    .isEqualTo(ExitCode.OK);
        }
        Files.writeString(folder.resolve("other"), "another 0123456789 0123456789 01");
        assertThat(Tidewheel.run(arguments("origin=LAX", folder.resolve("other"))))
                .as("another key")
                .isEqualTo(ExitCode.FAILED);
        assertThat(Erasures.all(inForce())).hasSize(1);
    }

    @Test
    void profilesForgetItsSegments() throws Exception {
        SortedMap<String, String> entity = new TreeMap<>(Map.of("origin", "PRO"));
        Definition theirs = profile("1", "origin", "PRO", "LAX");
        Definition perhaps = profile("2", "destination", "PRO", "LAX");
        Definition others = profile("3", "origin", "PROX", "LAX");
        Definition torn = ServingRecords.profile("forgetful", "4", "{\"format\": 99}", 0);
        try (RegistryPublisher publisher = new RegistryPublisher(KAFKA.config(), DEADLINE)) {
            List.of(theirs, perhaps, others, torn).forEach(publisher::append);
        }
        Erasing erasing = new Erasing(KAFKA.config(), new ErasureKey(SECRET));

        ProfileErasure.Outcome outcome = erasing.eraseProfiles(entity, false, () -> 7);

        assertThat(outcome.anew()).containsExactly("forgetful.1");
        assertThat(outcome.written()).hasValue(7);
        assertThat(outcome.perhaps()).containsExactly("forgetful.2");
        assertThat(outcome.unreadable()).containsOnlyKeys("forgetful.4");
        assertThat(segment("1", "origin"))
                .isEqualTo(new SegmentProfile("origin", List.of(new SegmentProfile.SegmentValue("LAX", 1)), 2));
        assertThat(inForce().get("Profile/forgetful.2")).isEqualTo(perhaps);
        assertThat(inForce().get("Profile/forgetful.3")).isEqualTo(others);
        ProfileErasure.Outcome again = erasing.eraseProfiles(entity, false, () -> 8);
        assertThat(again.anew()).as("once").isEmpty();
        assertThat(again.written()).as("as the registry has it").hasValue(7);
        ProfileErasure.Outcome suspects = erasing.eraseProfiles(entity, true, () -> 9);
        assertThat(suspects.anew()).containsExactly("forgetful.2");
        assertThat(suspects.written()).hasValue(9);
        assertThat(erasing.eraseProfiles(new TreeMap<>(Map.of("who", "PRO")), false, () -> 10)
                        .written())
                .as("nobody is told by that column")
                .isEmpty();
        assertThat(segment("2", "destination").top())
                .extracting(SegmentProfile.SegmentValue::value)
                .containsExactly("LAX");
        try (RegistryPublisher publisher = new RegistryPublisher(KAFKA.config(), DEADLINE)) {
            publisher.remove(torn.getKind(), torn.getName());
        }
    }

    private static SegmentProfile segment(String version, String name) throws InterruptedException {
        Definition record = inForce().get("Profile/forgetful." + version);
        return ProfileJson.read(record.getBody()).segment(name).orElseThrow();
    }

    /** Of three rows: two of the first value, one of the second. */
    private static Definition profile(String version, String segment, String first, String second) {
        Profile profile = new ProfileBuilder(
                        "forgetful", version, "sha256:0", 0, 1_000, 1_000, new long[] {1, 2, 3}, new double[] {0, 1, 0})
                .segment(segment, new String[] {first, second, first}, 5)
                .build();
        return ServingRecords.profile("forgetful", version, ProfileJson.write(profile), 0);
    }

    @Test
    void noVersionBringsBackWhatIsErased() throws Exception {
        try (RedisFeatureStore store = store()) {
            write(store, "destinations", "ZZZ");

            StoreErasure.Deleted deleted = new StoreErasure(store, store, DEADLINE)
                    .delete(
                            new TreeMap<>(Map.of("origin", "ZZZ")),
                            List.of(
                                    new Keyed("destinations", 1, List.of("origin")),
                                    new Keyed("destinations", 2, List.of("origin"))));

            assertThat(deleted).as("the second lineage never had it").isEqualTo(new StoreErasure.Deleted(1, 2));
            StoredState late =
                    new StoredState(new Version(Long.MAX_VALUE, 7), new FlushId(9, 0, 1), new byte[0], new byte[] {1});
            for (long lineage : new long[] {1, 2}) {
                assertThat(store.write(Map.of(new ViewKey("destinations", lineage, "ZZZ"), late))
                                .toCompletableFuture()
                                .join()
                                .superseded())
                        .isEqualTo(1);
            }
        }
    }

    /** What the job of the flights computes besides airports. */
    private static String[] others() throws InterruptedException {
        return ViewLineages.ofSource(inForce(), "flights").stream()
                .map(ViewLineages.ViewLineage::id)
                .filter(id -> !id.equals("airports@1"))
                .toArray(String[]::new);
    }

    private static String tables() {
        return folder.resolve("tables").toString();
    }

    private static ErasureScope scope(Map<String, String> entity) throws InterruptedException {
        return ErasureScope.of(inForce(), new TreeMap<>(entity));
    }

    private static int erase(String entity, String... more) throws IOException {
        return Tidewheel.run(arguments(entity, folder.resolve("key"), more));
    }

    private static String[] arguments(String entity, Path key, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "erase",
                "--entity",
                entity,
                "--erasure-key",
                key.toString(),
                "--bootstrap",
                KAFKA.bootstrap(),
                "--redis",
                REDIS.uri().toString(),
                "--project",
                "p"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static Map<String, Definition> inForce() throws InterruptedException {
        return new Applier(KAFKA.config()).inForce();
    }

    private static RedisFeatureStore store() {
        return new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), "p", DEADLINE));
    }

    private static void write(RedisFeatureStore store, String view, String... keys) {
        Map<ViewKey, StoredState> batch = new TreeMap<>((a, b) -> a.entity().compareTo(b.entity()));
        for (String key : keys) {
            batch.put(
                    new ViewKey(view, 1, key),
                    new StoredState(new Version(5, 1), new FlushId(1, 0, 1), new byte[0], new byte[] {1, 2}));
        }
        assertThat(store.write(batch).toCompletableFuture().join().accepted()).isEqualTo(keys.length);
    }
}
