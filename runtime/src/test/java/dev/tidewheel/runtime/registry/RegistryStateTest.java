package dev.tidewheel.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class RegistryStateTest {
    /** As many as a registry's list of erased entities may come to hold. */
    private static final int MANY = 50_000;

    private record Heard(Set<String> keys, Map<String, Definition> after) {}

    private final RecordSerde<Definition> serde = RecordSerde.of(Definition.class);
    private final List<Heard> heard = new ArrayList<>();
    private final RegistryState state = new RegistryState();
    private long offset;

    RegistryStateTest() {
        state.listen((keys, after) -> heard.add(new Heard(keys, after)));
    }

    @Test
    void showsAPastOfManyThousandsOnceAndWhole() {
        for (int i = 0; i < MANY; i++) {
            publish("d" + i);
            assertThat(state.published()).isEmpty();
        }
        assertThat(heard).as("nobody is told half of the past").isEmpty();
        assertThat(state.position()).isZero();

        state.caughtUp();
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).keys()).hasSize(MANY);
        assertThat(heard.get(0).after()).hasSize(MANY).isSameAs(state.published());
        assertThat(List.copyOf(state.published().keySet())).isSorted();
        assertThat(state.position()).isEqualTo(MANY);
    }

    @Test
    void showsWhatOneReadHasBroughtTogether() {
        publish("a");
        publish("b");
        state.caughtUp();
        Map<String, Definition> before = state.published();
        state.caughtUp();
        assertThat(state.published())
                .as("a read that brought nothing copies nothing")
                .isSameAs(before);

        publish("c");
        handle("Erasure/a", null);
        publish("d");
        state.caughtUp();
        assertThat(heard).hasSize(2);
        assertThat(heard.get(1).keys()).containsExactly("Erasure/c", "Erasure/a", "Erasure/d");
        assertThat(heard.get(1).after()).containsOnlyKeys("Erasure/b", "Erasure/c", "Erasure/d");
        assertThat(before).as("never changes once returned").containsOnlyKeys("Erasure/a", "Erasure/b");
        assertThat(state.position()).isEqualTo(5);
    }

    @Test
    void keepsTheFormerStateOfWhatCannotBeRead() {
        publish("a");
        handle("Erasure/a", new byte[] {1, 2, 3});
        handle("Erasure/b", new byte[] {1, 2, 3});
        state.caughtUp();
        assertThat(state.published()).containsOnlyKeys("Erasure/a");
        assertThat(heard.get(0).keys()).containsExactly("Erasure/a");
        assertThat(state.position()).isEqualTo(3);
    }

    private void publish(String name) {
        handle(
                Registry.key("Erasure", name),
                serde.encode(new Definition("Erasure", name, "sha256:1", "{}", 0L, List.of(), 0L)));
    }

    private void handle(String key, byte[] value) {
        state.handle(
                new ConsumerRecord<>(Topics.DEFINITIONS, 0, offset++, key.getBytes(StandardCharsets.UTF_8), value));
    }
}
