package dev.tidewheel.agent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.agent.training.LauncherConfig;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.ConfigAssertions;
import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterAgentConfigTest {
    private static final String LEAST = """
            kafka: {bootstrap: 'localhost:9092'}
            ops: {port: 9090}
            launcher: {classPath: trainer.classpath, workDir: work}
            registry: models
            warehouse: {path: tables, catalog: 'jdbc:sqlite:catalog.db'}
            modelServer: http://localhost:8081
            """;

    @Test
    void needsLittle() {
        ConfigAssertions.assertDefaults(
                ClusterAgentConfig.class,
                LEAST,
                new ClusterAgentConfig(
                        ClockMode.WALL,
                        new KafkaConfig("localhost:9092"),
                        new OpsConfig("127.0.0.1", 9090),
                        "agent",
                        new LauncherConfig(
                                Optional.empty(),
                                Path.of("trainer.classpath"),
                                "dev.tidewheel.trainer.Trainer",
                                List.of("-XX:TieredStopAtLevel=1"),
                                Path.of("work"),
                                DataSize.parse("1GB"),
                                Duration.ofMinutes(10),
                                3),
                        Path.of("models"),
                        new WarehouseConfig(Path.of("tables"), "jdbc:sqlite:catalog.db"),
                        URI.create("http://localhost:8081"),
                        List.of(),
                        Duration.ofMinutes(2),
                        Duration.ofMillis(100)));
    }

    @Test
    void knowsEveryField() {
        ConfigAssertions.assertFullMapping(
                ClusterAgentConfig.class,
                """
                clock: story
                kafka: {bootstrap: 'localhost:9092', properties: {client.rack: a}}
                ops: {host: 0.0.0.0, port: 9090}
                agent: blue
                launcher:
                  java: /opt/java
                  classPath: trainer.classpath
                  main: a.Trainer
                  options: [-Da=b]
                  workDir: work
                  heap: 2GB
                  deadline: 5m
                  starts: 2
                registry: models
                warehouse: {path: tables, catalog: 'jdbc:sqlite:catalog.db'}
                modelServer: http://localhost:8081
                sidecars: [http://localhost:8082]
                trafficDeadline: 1m
                poll: 1s
                """,
                new ClusterAgentConfig(
                        ClockMode.STORY,
                        new KafkaConfig("localhost:9092", Map.of("client.rack", "a")),
                        new OpsConfig("0.0.0.0", 9090),
                        "blue",
                        new LauncherConfig(
                                Optional.of(Path.of("/opt/java")),
                                Path.of("trainer.classpath"),
                                "a.Trainer",
                                List.of("-Da=b"),
                                Path.of("work"),
                                DataSize.parse("2GB"),
                                Duration.ofMinutes(5),
                                2),
                        Path.of("models"),
                        new WarehouseConfig(Path.of("tables"), "jdbc:sqlite:catalog.db"),
                        URI.create("http://localhost:8081"),
                        List.of(URI.create("http://localhost:8082")),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1)));
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> load(LEAST + "sidecars: [localhost]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("write http://host:port");
        assertThatThrownBy(() -> load(LEAST.replace("workDir: work", "workDir: work, starts: 0")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("starts must be at least 1");
    }

    private static ClusterAgentConfig load(String yaml) {
        return ConfigLoader.parse(yaml, "agent.yaml", ClusterAgentConfig.class, Map.of());
    }
}
