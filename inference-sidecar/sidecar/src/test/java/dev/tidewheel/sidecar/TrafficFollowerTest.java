package dev.tidewheel.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.registry.Registry;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class TrafficFollowerTest {
    private final AtomicReference<Health> registry = new AtomicReference<>(Health.down("reading what is there"));
    private final TrafficFollower follower = new TrafficFollower(registry::get, World.MODEL);

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

    private void publish(String version) {
        Definitions definitions =
                Definitions.load(Path.of("../../examples/flights")).orThrow();
        Map<String, Definition> all = new TreeMap<>();
        World.champion(definitions, version)
                .forEach(definition -> all.put(Registry.key(definition.getKind(), definition.getName()), definition));
        follower.follow(all);
    }
}
