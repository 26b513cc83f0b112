package dev.tidewheel.lifecycle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.ConfigAssertions;
import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.OpsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LifecycleConfigTest {
    private static final String LEAST = """
            kafka: {bootstrap: 'localhost:9092'}
            ops: {port: 9090}
            stateDir: /tmp/lifecycle
            """;

    @Test
    void needsLittle() {
        ConfigAssertions.assertDefaults(
                LifecycleConfig.class,
                LEAST,
                new LifecycleConfig(
                        ClockMode.WALL,
                        new KafkaConfig("localhost:9092"),
                        new OpsConfig("127.0.0.1", 9090),
                        "tidewheel-lifecycle",
                        Path.of("/tmp/lifecycle"),
                        Duration.ofSeconds(10)));
    }

    @Test
    void knowsEveryField() {
        ConfigAssertions.assertFullMapping(
                LifecycleConfig.class,
                """
                clock: story
                kafka: {bootstrap: 'localhost:9092', properties: {client.rack: a}}
                ops: {host: 0.0.0.0, port: 9090}
                applicationId: another
                stateDir: /tmp/lifecycle
                tick: 1m
                """,
                new LifecycleConfig(
                        ClockMode.STORY,
                        new KafkaConfig("localhost:9092", Map.of("client.rack", "a")),
                        new OpsConfig("0.0.0.0", 9090),
                        "another",
                        Path.of("/tmp/lifecycle"),
                        Duration.ofMinutes(1)));
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(
                        () -> ConfigLoader.parse(LEAST + "tick: 1ms\n", "test.yaml", LifecycleConfig.class, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least 100ms");
    }
}
