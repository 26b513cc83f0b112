package dev.tidewheel.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.runtime.registry.ServingRecords.Canary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrafficFollowerTest {
    private static final Definitions DEFINITIONS =
            Definitions.load(World.FLIGHTS).orThrow();

    private final Map<String, Definition> all = new TreeMap<>();
    private final AtomicReference<Health> registry = new AtomicReference<>(Health.down("reading what is there"));
    private final TrafficFollower follower = new TrafficFollower(registry::get, World.MODEL, false);

    @Test
    void servesNothingOfThePastWhileTheRegistryIsReplayed() {
        publish("1"); // Champion once; the topic goes on.
        assertThat(follower.health().ok()).isFalse();
        assertThatThrownBy(follower::current)
                .isInstanceOf(RequestProblem.class)
                .hasMessageContaining("reading what is there");
        publish("2");
        registry.set(Health.up("following"));
        assertThat(follower.health().ok()).isTrue();
        assertThat(follower.current().champion().version()).isEqualTo("2");
    }

    @Test
    void goesOnServingWhileKafkaIsAway() {
        publish("1");
        registry.set(Health.up("following"));
        assertThat(follower.current().champion().version()).isEqualTo("1");
        registry.set(Health.down("no broker"));
        assertThat(follower.current().champion().version()).isEqualTo("1");
        assertThat(follower.health().ok()).isTrue();
    }

    @Test
    void trafficWinsOverTheAlias() {
        registry.set(Health.up("following"));
        publish("1");
        assertThat(follower.current().generation()).isZero();
        all.putAll(World.keyed(World.version(DEFINITIONS, "2", World.LINEAGE)));
        follow(World.traffic(7, "2", "1", new Canary("1", 0.25)));
        publishAlias("1");

        Traffic traffic = follower.current();
        assertThat(traffic.generation()).isEqualTo(7);
        assertThat(traffic.champion().version()).isEqualTo("2");
        assertThat(traffic.shadow()).map(Serving::version).hasValue("1");
        assertThat(traffic.canary()).map(Traffic.Canary::share).hasValue(0.25);

        all.remove(Registry.key(ServingRecords.TRAFFIC, World.MODEL));
        follower.follow(all);
        assertThat(follower.current().generation()).isZero();
        assertThat(follower.current().champion().version()).isEqualTo("1");
        assertThat(follower.current().shadow()).isEmpty();
    }

    @Test
    void whatCannotBeServedLeavesTheFormerTraffic() {
        registry.set(Health.up("following"));
        publish("1");
        follow(World.traffic(3, "1", null, null));
        for (Definition broken : List.of(
                World.traffic(4, "1", "unknown", null),
                World.traffic(4, "unknown", null, null),
                World.traffic(4, "1", null, new Canary("1", 1.5)),
                World.traffic(0, "1", null, null))) {
            follow(broken);
            assertThat(follower.current().generation()).isEqualTo(3);
            assertThat(follower.health().ok()).isTrue();
            assertThat(follower.state().refused()).isPresent();
            assertThat(follower.health().reason())
                    .contains("traffic generation 3")
                    .contains(follower.state().refused().orElseThrow().reason());
        }
        follow(World.traffic(5, "1", null, null));
        assertThat(follower.current().generation()).isEqualTo(5);
        assertThat(follower.state().refused()).isEmpty();
    }

    @Test
    void aBrokenShadowDoesNotKeepANewSidecarFromServing() {
        publish("1");
        follow(World.traffic(4, "1", "unknown", null));
        registry.set(Health.up("following"));

        assertThat(follower.current().champion().version()).isEqualTo("1");
        assertThat(follower.current().generation()).isZero();
        assertThat(follower.state().refused())
                .hasValueSatisfying(refused -> assertThat(refused.reason()).contains("unknown"));
    }

    @Test
    void servesWhatWasPinnedWhenTheServiceHasMovedOn(@TempDir Path folder) throws IOException {
        registry.set(Health.up("following"));
        publish("1");
        Definition pin = World.pin(List.copyOf(all.values()));
        String hash = follower.current().champion().serviceHash();
        all.putAll(World.keyed(World.version(World.moved(folder), "2", World.LINEAGE + 1)));
        follow(World.traffic(1, "2", null, null));
        follow(World.traffic(2, "1", null, null));
        assertThat(follower.health().reason()).contains("no pin of the other");
        assertThat(follower.current().champion().version()).isEqualTo("2");

        follow(pin);
        assertThat(follower.current().generation()).isEqualTo(2);
        Serving again = follower.current().champion();
        assertThat(again.serviceHash()).isEqualTo(hash);
        assertThat(again.lineages()).containsEntry("origin_delays", World.LINEAGE);

        // A view that is as it was pinned, but was filled anew, is read where it is filled.
        Definition route = all.get(Registry.key("FeatureView", "route_delays"));
        follow(Definition.newBuilder(route).setLineage(9).build());
        assertThat(follower.current().champion().lineages())
                .containsEntry("origin_delays", World.LINEAGE)
                .containsEntry("route_delays", 9L);
    }

    @Test
    void furtherVersionsWaitUntilTheyAreReady() {
        TrafficFollower gated = new TrafficFollower(registry::get, World.MODEL, true);
        registry.set(Health.up("following"));
        publish("1");
        all.putAll(World.keyed(World.version(DEFINITIONS, "2", World.LINEAGE)));
        all.put("Traffic/" + World.MODEL, World.traffic(1, "1", null, null));
        gated.follow(all);
        assertThat(gated.current().generation()).as("who starts does not wait").isEqualTo(1);

        all.put("Traffic/" + World.MODEL, World.traffic(2, "1", "2", null));
        gated.follow(all);
        Traffic waiting = gated.waiting().orElseThrow();
        assertThat(gated.newVersions(waiting)).containsExactly("2");
        assertThat(gated.current().generation()).isEqualTo(1);
        assertThat(gated.health().reason())
                .contains("traffic generation 2 is not served")
                .contains("[2]");

        all.put("Traffic/" + World.MODEL, World.traffic(3, "1", null, new Canary("2", 0.5)));
        gated.follow(all);
        gated.admit(waiting);
        assertThat(gated.current().generation())
                .as("the registry has changed its mind")
                .isEqualTo(1);
        gated.admit(gated.waiting().orElseThrow());
        assertThat(gated.current().generation()).isEqualTo(3);

        all.put("Traffic/" + World.MODEL, World.traffic(4, "2", null, null));
        gated.follow(all);
        assertThat(gated.current().generation()).as("it serves already").isEqualTo(4);
        assertThat(gated.waiting()).isEmpty();
    }

    @Test
    void whoeverIsErasedMakesNobodyWaitAnew() {
        TrafficFollower gated = new TrafficFollower(registry::get, World.MODEL, true);
        registry.set(Health.up("following"));
        publish("1");
        gated.changed(all.keySet(), all);
        assertThat(gated.current().champion().version()).isEqualTo("1");
        all.putAll(World.keyed(World.version(DEFINITIONS, "2", World.LINEAGE)));
        all.put("Traffic/" + World.MODEL, World.traffic(1, "2", null, null));
        gated.changed(Set.of("Erasure/a", "Traffic/" + World.MODEL), all);
        Traffic waiting = gated.waiting().orElseThrow();

        gated.changed(Set.of("Erasure/b", "Erasure/c"), all);
        assertThat(gated.waiting())
                .hasValueSatisfying(still -> assertThat(still).isSameAs(waiting));
        gated.admit(waiting);
        assertThat(gated.current().champion().version()).isEqualTo("2");
    }

    @Test
    void halfAChangeOfDefinitionsIsNotServed(@TempDir Path folder) throws IOException {
        registry.set(Health.up("following"));
        publish("1");
        follow(World.pin(List.copyOf(all.values())));
        // The view has been published already, its service not yet: both still answer to the hash of the service.
        World.version(World.moved(folder), "2", World.LINEAGE + 1).stream()
                .filter(definition -> definition.getName().equals("origin_delays"))
                .forEach(this::follow);

        Serving champion = follower.current().champion();
        assertThat(champion.lineages()).containsEntry("origin_delays", World.LINEAGE);
        assertThat(champion.service().reads().get(0).view().spec())
                .isEqualTo(DEFINITIONS.viewPlan("origin_delays").spec());
    }

    private void publish(String version) {
        all.putAll(World.keyed(World.champion(DEFINITIONS, version)));
        follower.follow(all);
    }

    private void publishAlias(String version) {
        follow(ServingRecords.champion(World.MODEL, version, 0));
    }

    private void follow(Definition definition) {
        all.put(Registry.key(definition.getKind(), definition.getName()), definition);
        follower.follow(all);
    }
}
