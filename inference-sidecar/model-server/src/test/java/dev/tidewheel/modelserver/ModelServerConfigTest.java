package dev.tidewheel.modelserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.OpsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelServerConfigTest {

    private static final String REQUIRED = """
            listen: {port: 8081}
            registry: models
            ops: {port: 9091}
            """;

    @Test
    void all_fields() {
        assertThat(parse("""
                listen: {host: 0.0.0.0, port: 8081}
                registry: models
                ops: {host: 0.0.0.0, port: 9091}
                workers: 4
                queue: 10
                deadline: 50ms
                maxBody: 1MB
                maxLoaded: 3
                poll: 5s
                """))
                .isEqualTo(new ModelServerConfig(
                        new ModelServerConfig.Listen("0.0.0.0", 8081),
                        Path.of("models"),
                        new OpsConfig("0.0.0.0", 9091),
                        4,
                        10,
                        Duration.ofMillis(50),
                        new DataSize(1 << 20),
                        3,
                        Duration.ofSeconds(5)));
    }

    @Test
    void defaults() {
        assertThat(parse(REQUIRED))
                .isEqualTo(new ModelServerConfig(
                        new ModelServerConfig.Listen("127.0.0.1", 8081),
                        Path.of("models"),
                        new OpsConfig("127.0.0.1", 9091),
                        2,
                        256,
                        Duration.ofSeconds(2),
                        new DataSize(16 << 20),
                        8,
                        Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            workers: 0     | workers must be at least 1
            queue: 0       | queue must be at least 1
            deadline: 0ms  | deadline must be at least 1ms
            poll: 0s       | poll must be at least 1ms
            maxBody: 0B    | maxBody must be 1B to 1GB
            maxLoaded: 0   | maxLoaded must be at least 1
            worker: 2      | worker
            """)
    void what_is_wrong_is_said(String line, String message) {
        assertThatThrownBy(() -> parse(REQUIRED + line))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private static ModelServerConfig parse(String yaml) {
        return ConfigLoader.parse(yaml, "model-server.yaml", ModelServerConfig.class, Map.of());
    }
}
