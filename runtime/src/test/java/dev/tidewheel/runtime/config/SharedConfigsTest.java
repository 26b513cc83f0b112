package dev.tidewheel.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedConfigsTest {
    @Test
    void kafka() {
        ConfigAssertions.assertDefaults(KafkaConfig.class, "bootstrap: a:9092", new KafkaConfig("a:9092", Map.of()));
        ConfigAssertions.assertFullMapping(
                KafkaConfig.class,
                "{bootstrap: 'a:9092,b:9092', properties: {security.protocol: SSL}}",
                new KafkaConfig("a:9092,b:9092", Map.of("security.protocol", "SSL")));
    }

    @Test
    void redis() {
        ConfigAssertions.assertDefaults(
                RedisConfig.class,
                "uri: redis://localhost:6379",
                new RedisConfig(URI.create("redis://localhost:6379"), Duration.ofSeconds(1)));
        ConfigAssertions.assertFullMapping(
                RedisConfig.class,
                "{uri: 'rediss://u:p@r:1/2', deadline: 250ms, topology: cluster, tombstoneLife: 7d}",
                new RedisConfig(
                        URI.create("rediss://u:p@r:1/2"),
                        Duration.ofMillis(250),
                        RedisConfig.Topology.CLUSTER,
                        Optional.of(Duration.ofDays(7))));
        assertThatThrownBy(() -> new RedisConfig(
                        URI.create("redis://r:1"),
                        Duration.ofSeconds(1),
                        RedisConfig.Topology.STANDALONE,
                        Optional.of(Duration.ZERO)))
                .hasMessageContaining("tombstoneLife");
    }

    @Test
    void warehouse() {
        ConfigAssertions.assertFullMapping(
                WarehouseConfig.class,
                "{path: /data/w, catalog: 'jdbc:sqlite:/data/c.db'}",
                new WarehouseConfig(Path.of("/data/w"), "jdbc:sqlite:/data/c.db"));
    }

    @Test
    void ops() {
        ConfigAssertions.assertDefaults(OpsConfig.class, "port: 0", new OpsConfig("127.0.0.1", 0));
        ConfigAssertions.assertFullMapping(
                OpsConfig.class, "{host: 0.0.0.0, port: 9400}", new OpsConfig("0.0.0.0", 9400));
    }

    /** The mapping test itself must see a component that was forgotten, and a default that was repeated. */
    @Test
    void aForgottenComponentIsNoticed() {
        assertThatThrownBy(() -> ConfigAssertions.assertFullMapping(
                        KafkaConfig.class, "bootstrap: a:9092", new KafkaConfig("a:9092")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("properties");
        assertThatThrownBy(() -> ConfigAssertions.assertFullMapping(
                        OpsConfig.class, "{host: 127.0.0.1, port: 1}", new OpsConfig("127.0.0.1", 1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("host");
    }

    @Test
    void passwordsAreNotPrinted() {
        assertThat(new RedisConfig("redis://user:hunter2@r:1", Duration.ofSeconds(1)).toString())
                .contains("redis://user:****@r:1")
                .doesNotContain("hunter2");
        assertThat(new KafkaConfig("k:1", Map.of("sasl.jaas.config", "hunter2", "ssl.key.password", "hunter2"))
                        .toString())
                .contains("k:1")
                .doesNotContain("hunter2");
        assertThat(new WarehouseConfig(Path.of("w"), "jdbc:postgresql://u:hunter2@p/c?password=hunter2").toString())
                .contains("jdbc:postgresql://u:****@p/c?password=****")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://user:hunter2@h:1, redis://user:****@h:1",
        "redis://:hunter2@h:1, redis://:****@h:1",
        "redis://hunter2@h:1, redis://****@h:1",
        "redis://user:hun/ter2@h:1/0, redis://user:****@h:1/0",
        "redis://user:hunter@2@h:1, redis://user:****@h:1",
        "jdbc:x://h/db?user=u&password=hunter2&ssl=true, jdbc:x://h/db?user=u&password=****&ssl=true",
        "redis://h:1/0, redis://h:1/0",
        "http://h/a:b@c, http://h/a:b@c",
    })
    void masksWhereverAPasswordMayStand(String text, String masked) {
        assertThat(Secrets.mask(text)).isEqualTo(masked);
    }

    @Test
    void refusesAddressesOfOtherKinds() {
        assertThatThrownBy(() -> new RedisConfig("http://user:hunter2@localhost", Duration.ofSeconds(1)))
                .hasMessageContaining("write redis://host:port")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> new WarehouseConfig(Path.of("w"), "sqlite:c.db"))
                .hasMessageContaining("jdbc:sqlite:");
    }

    @Test
    void aCatalogInAFileIsNamedWholeForOthers() {
        String here = Path.of("").toAbsolutePath().toString();
        assertThat(new WarehouseConfig(Path.of("w"), "jdbc:sqlite:run/../c.db?mode=rwc").absolute())
                .isEqualTo(new WarehouseConfig(Path.of(here, "w"), "jdbc:sqlite:" + here + "/c.db?mode=rwc"));
        String uri = Path.of("").toAbsolutePath().toUri().getRawPath();
        assertThat(new WarehouseConfig(Path.of("/w"), "jdbc:sqlite:file:c.db?mode=rwc")
                        .absolute()
                        .catalog())
                .isEqualTo("jdbc:sqlite:file:" + uri + "c.db?mode=rwc");
        for (String plain : List.of(
                "jdbc:sqlite:/data/c.db",
                "jdbc:sqlite::memory:",
                "jdbc:sqlite:file:/data/c.db",
                "jdbc:sqlite:file::memory:",
                "jdbc:sqlite:file:c.db?mode=memory",
                "jdbc:postgresql://p/c")) {
            assertThat(new WarehouseConfig(Path.of("/w"), plain).absolute().catalog())
                    .isEqualTo(plain);
        }
    }
}
