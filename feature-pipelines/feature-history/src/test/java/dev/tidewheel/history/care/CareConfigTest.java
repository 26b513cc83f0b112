package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.runtime.config.ConfigAssertions;
import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CareConfigTest {
    private static final String WAREHOUSE = "warehouse: {path: /data, catalog: 'jdbc:sqlite:/data/catalog.db'}\n";
    private static final WarehouseConfig DATA = new WarehouseConfig(Path.of("/data"), "jdbc:sqlite:/data/catalog.db");

    @Test
    void readsAllKeys() {
        ConfigAssertions.assertFullMapping(
                CareConfig.class,
                WAREHOUSE + """
                        interval: 5m
                        policy:
                          snapshots: 2h
                          keep: 3
                          tags: 90d
                          fileSize: 64MB
                          files: 4
                          manifests: 30
                          orphans: 3d
                        ops:
                          host: 0.0.0.0
                          port: 9410
                        """,
                new CareConfig(
                        DATA,
                        Optional.of(new CarePolicy(
                                Duration.ofHours(2),
                                3,
                                Optional.of(Duration.ofDays(90)),
                                new DataSize(64L << 20),
                                4,
                                30,
                                Duration.ofDays(3))),
                        Duration.ofMinutes(5),
                        Optional.of(new OpsConfig("0.0.0.0", 9410))));
    }

    @Test
    void anEmptyPolicyIsTheDefault() {
        CareConfig config = ConfigLoader.parse(WAREHOUSE + "policy: {}\n", "care.yaml", CareConfig.class, Map.of());

        assertThat(config.policy()).contains(CarePolicy.DEFAULT);
        assertThat(config.interval()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.ops()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{keep: 0}",
                "{files: 1}",
                "{manifests: 1}",
                "{orphans: 9m}",
                "{snapshots: 2h, tags: 1h}",
                "{fileSize: 0B}"
            })
    void whatWouldLoseSomethingIsRefused(String policy) {
        assertThatThrownBy(() -> ConfigLoader.parse(
                        WAREHOUSE + "policy: " + policy + "\n", "care.yaml", CareConfig.class, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("care.yaml");
    }
}
