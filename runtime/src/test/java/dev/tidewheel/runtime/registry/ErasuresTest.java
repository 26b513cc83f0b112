package dev.tidewheel.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.registry.Erasures.Erasure;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ErasuresTest {
    private static final ErasureKey KEY = new ErasureKey("0123456789abcdef0123456789abcdef");
    /** Computed with Python's hmac. */
    private static final String CUSTOMER_42 = "c54cc16f53033aef6b79ad41b155d52034c53c0e593064f62d0e54b945eccb20";

    private static final String FLIGHT_12 = "c7fa82fc6c226c03a71212f572c36454d4cee0a43cf08d42ceab4c96986f3ea7";

    @Test
    void aRecordNamesColumnsAndNoValue() {
        Definition record = Erasures.record(KEY, new TreeMap<>(Map.of("flight", "12", "carrier", "AA")), 5);

        assertThat(record.getKind()).isEqualTo("Erasure");
        assertThat(record.getName()).isEqualTo(FLIGHT_12);
        assertThat(record.getBody()).isEqualTo("{\"columns\":[\"carrier\",\"flight\"],\"keyId\":\"6c6b3896\"}");
    }

    @Test
    void theListIsWhatWasRecorded() {
        Map<String, Definition> registry = new TreeMap<>();
        for (Map<String, String> entity : List.of(Map.of("customer", "42"), Map.of("carrier", "AA", "flight", "12"))) {
            Definition record = Erasures.record(KEY, new TreeMap<>(entity), 5);
            registry.put(Registry.key(record.getKind(), record.getName()), record);
        }
        registry.put("Source/s", new Definition("Source", "s", "sha256:s", "{}", 0L, List.of(), 0L));

        assertThat(Erasures.all(registry))
                .containsExactly(
                        new Erasure(List.of("customer"), CUSTOMER_42, "6c6b3896"),
                        new Erasure(List.of("carrier", "flight"), FLIGHT_12, "6c6b3896"));
    }

    @Test
    void noTwoEntitiesAreOne() {
        ErasureKey.Digests digests = KEY.digests();

        assertThat(digests.of(List.of("a", "b"), List.of("1", "2")))
                .isNotEqualTo(digests.of(List.of("a", "b"), List.of("12", "")))
                .isNotEqualTo(digests.of(List.of("a"), List.of("1b2")))
                .isEqualTo(KEY.digests().of(List.of("a", "b"), List.of("1", "2")));
    }

    @Test
    void theSecretIsNeverShown() {
        assertThat(KEY).hasToString("ErasureKey[id=6c6b3896]");
        assertThatThrownBy(() -> new ErasureKey("short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 32")
                .hasMessageNotContaining("short'");
    }
}
