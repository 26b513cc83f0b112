package dev.tidewheel.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.ErasureKey;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SidecarConfigTest {
    private static final String LEAST = """
            project: flights
            kafka: {bootstrap: 'localhost:9092'}
            redis: {uri: 'redis://localhost:6379'}
            listen: {port: 8080}
            modelServer: {uri: 'http://localhost:8081'}
            model: late-arrival
            ops: {port: 9090}
            """;

    private static final String MOST = """
            project: flights
            clock: story
            kafka: {bootstrap: 'localhost:9092'}
            redis: {uri: 'redis://localhost:6379', deadline: 50ms}
            listen: {host: 0.0.0.0, port: 8080, maxBodyBytes: 1000, maxRows: 2}
            modelServer: {uri: 'http://localhost:8081', deadline: 250ms, connections: 3, waiting: 4}
            model: late-arrival
            ops: {port: 9090}
            log: {queue: 5, acknowledge: true, deadline: 6s, closeDeadline: 7s}
            arms: {shadows: 8, fallback: false}
            erasures: {key: 0123456789abcdef0123456789abcdef}
            inject: {boundary: le, stale: 5s}
            """;

    @Test
    void needsLittle() {
        SidecarConfig config = load(LEAST);
        assertThat(config.clock()).isEqualTo(ClockMode.WALL);
        assertThat(config.log())
                .isEqualTo(new SidecarConfig.Log(10_000, false, Duration.ofSeconds(30), Duration.ofSeconds(5)));
        assertThat(config.arms()).isEqualTo(new SidecarConfig.Arms(64, true));
        assertThat(config.erasures()).isEmpty();
        assertThat(config.inject()).isEqualTo(new SidecarConfig.Inject(Optional.empty(), Optional.empty()));
        assertThat(config.listen()).isEqualTo(new SidecarConfig.Listen("127.0.0.1", 8080, 1_048_576, 1_024));
    }

    @Test
    void knowsEveryField() {
        SidecarConfig config = load(MOST);
        assertThat(config.clock()).isEqualTo(ClockMode.STORY);
        assertThat(config.redis().deadline()).isEqualTo(Duration.ofMillis(50));
        assertThat(config.listen()).isEqualTo(new SidecarConfig.Listen("0.0.0.0", 8080, 1000, 2));
        assertThat(config.modelServer())
                .isEqualTo(new SidecarConfig.ModelServer(
                        URI.create("http://localhost:8081"), Duration.ofMillis(250), 3, 4));
        assertThat(config.log())
                .isEqualTo(new SidecarConfig.Log(5, true, Duration.ofSeconds(6), Duration.ofSeconds(7)));
        assertThat(config.arms()).isEqualTo(new SidecarConfig.Arms(8, false));
        assertThat(config.erasures()).contains(new ErasureKey("0123456789abcdef0123456789abcdef"));
        assertThat(config.toString()).as("it is logged").doesNotContain("0123456789abcdef");
        assertThat(config.inject())
                .isEqualTo(new SidecarConfig.Inject(
                        Optional.of(SidecarConfig.Inject.Boundary.LE), Optional.of(Duration.ofSeconds(5))));
    }

    @Test
    void saysWhereItIsWrong() {
        assertThatThrownBy(() -> load(LEAST + "modle: x\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("modle");
        assertThatThrownBy(() -> load(LEAST.replace("http://localhost:8081", "localhost")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http://host:port");
        assertThatThrownBy(() -> load(LEAST + "log: {queue: 0}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("log.queue");
        assertThatThrownBy(() -> load(LEAST + "inject: {stale: 5s}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("clock: story only");
        assertThatThrownBy(() -> load(LEAST + "inject: {boundary: le}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("clock: story only");
    }

    private static SidecarConfig load(String yaml) {
        return ConfigLoader.parse(yaml, "sidecar.yaml", SidecarConfig.class, Map.of());
    }
}
