package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.jobs.FeatureJobConfig.Changelog;
import dev.tidewheel.jobs.FeatureJobConfig.Flush;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.FeatureJobConfig.Lost;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.kafka.TopicSpec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeatureJobConfigTest {
    private static final String SHORTEST = """
            project: demo
            source: flights
            kafka: {bootstrap: 'localhost:9092'}
            redis: {uri: 'redis://localhost:6379'}
            warehouse: {path: /data/warehouse, catalog: 'jdbc:sqlite:/data/catalog.db'}
            checkpoint: {directory: /data/checkpoints}
            """;

    @Test
    void theShortestFileHasTheDefaults() {
        FeatureJobConfig config = parse(SHORTEST);

        assertThat(config.clock()).isEqualTo(ClockMode.WALL);
        assertThat(config.flush())
                .isEqualTo(new Flush(Duration.ofMillis(5), Duration.ofSeconds(1), 50_000, Duration.ofSeconds(30)));
        assertThat(config.checkpoint().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.checkpoint().directory()).hasScheme("file").hasPath("/data/checkpoints");
        assertThat(config.parallelism()).isEqualTo(1);
        assertThat(config.state()).isEqualTo(StateBackend.HASHMAP);
        assertThat(config.inject()).isEqualTo(Inject.NONE);
        assertThat(config.changelog()).isEqualTo(new Changelog(4, Optional.empty()));
        assertThat(config.schemaRegistry()).isEmpty();
    }

    @Test
    void changelogsAreKeptForEverUnlessTheConfigurationSaysOtherwise() {
        TopicSpec usual = parse(SHORTEST).changelog().topic("t");
        assertThat(usual.partitions()).isEqualTo(4);
        assertThat(usual.config())
                .containsEntry("retention.ms", "-1")
                .containsEntry("message.timestamp.type", "CreateTime");
        Changelog given =
                parse(SHORTEST + "changelog: {partitions: 12, retention: 2d}").changelog();
        assertThat(given.topic("t").partitions()).isEqualTo(12);
        assertThat(given.topic("t").config()).containsEntry("retention.ms", "172800000");
        assertThatThrownBy(() -> parse(SHORTEST + "changelog: {partitions: 0}"))
                .hasMessageContaining("changelog.partitions");
    }

    @Test
    void everyFieldCanBeGiven() {
        FeatureJobConfig config = parse(SHORTEST.replace(
                        "checkpoint: {directory: /data/checkpoints}",
                        "checkpoint: {interval: 1s, directory: 's3://bucket/checkpoints'}")
                + """
                clock: story
                flush: {interval: 20ms, behindInterval: 2s, maxKeys: 10, deadline: 1m}
                parallelism: 4
                state: rocksdb
                inject: {drop: 0.0001, duplicate: 0.5, deaths: /tmp/deaths}
                schemaRegistry: {url: 'http://me:secret@registry:8081/apis', deadline: 7s, lag: 3s}
                erasures: {key: 0123456789abcdef0123456789abcdef}
                lost: skip
                """);

        assertThat(config.clock()).isEqualTo(ClockMode.STORY);
        assertThat(config.flush())
                .isEqualTo(new Flush(Duration.ofMillis(20), Duration.ofSeconds(2), 10, Duration.ofMinutes(1)));
        assertThat(config.checkpoint().directory()).isEqualTo(URI.create("s3://bucket/checkpoints"));
        assertThat(config.parallelism()).isEqualTo(4);
        assertThat(config.state()).isEqualTo(StateBackend.ROCKSDB);
        assertThat(config.inject()).isEqualTo(new Inject(0.0001, 0.5, Optional.of(Path.of("/tmp/deaths"))));
        assertThat(config.schemaRegistry())
                .contains(new SchemaRegistryConfig(
                        URI.create("http://me:secret@registry:8081/apis"),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(3)));
        assertThat(config.toString())
                .contains("registry:8081")
                .doesNotContain("secret")
                .doesNotContain("0123456789");
        assertThat(config.lost()).isEqualTo(Lost.SKIP);
        assertThat(config.erasures()).contains(new ErasureKey("0123456789abcdef0123456789abcdef"));
    }

    @Test
    void whatCannotBeIsRefusedWithItsName() {
        assertThatThrownBy(() -> parse(SHORTEST + "inject: {drop: 2}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("inject.drop");
        assertThatThrownBy(() -> parse(SHORTEST + "parallelism: 0\n")).hasMessageContaining("parallelism");
        assertThatThrownBy(() -> parse(SHORTEST + "schemaRegistry: {url: 'ftp://me:secret@registry'}\n"))
                .hasMessageContaining("not a schema registry's address")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> parse(SHORTEST + "schemaRegistry: {url: 'http://registry', lag: -1s}\n"))
                .hasMessageContaining("lag");
        assertThatThrownBy(() -> parse(SHORTEST + "erasures: {key: tooshort}\n"))
                .hasMessageContaining("erasures.key")
                .hasMessageNotContaining("tooshort");
        assertThatThrownBy(() -> parse(SHORTEST + "flush: {interval: 0ms}\n")).hasMessageContaining("flush.interval");
        assertThatThrownBy(() -> parse(SHORTEST + "flush: {behindInterval: 0ms}\n"))
                .hasMessageContaining("flush.behindInterval");
    }

    @Test
    void errorsOnPurposeAreForStoriesOnly() {
        assertThatThrownBy(() -> parse(SHORTEST + "inject: {drop: 0.001}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("refused in wall time");
        assertThatThrownBy(() -> parse(SHORTEST + "clock: wall\ninject: {duplicate: 1}\n"))
                .hasMessageContaining("refused in wall time");
        assertThatThrownBy(() -> parse(SHORTEST + "inject: {deaths: /tmp/deaths}\n"))
                .hasMessageContaining("refused in wall time");
    }

    private static FeatureJobConfig parse(String yaml) {
        return ConfigLoader.parse(yaml, "feature-job.yaml", FeatureJobConfig.class, Map.of());
    }
}
