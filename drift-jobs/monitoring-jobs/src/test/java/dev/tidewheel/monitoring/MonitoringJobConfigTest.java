package dev.tidewheel.monitoring;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.monitoring.MonitoringJobConfig.Checkpoint;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.ConfigAssertions;
import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MonitoringJobConfigTest {
    private static final String SHORTEST = """
            project: demo
            kafka: {bootstrap: 'localhost:9092'}
            warehouse: {path: /data/warehouse, catalog: 'jdbc:sqlite:/data/catalog.db'}
            checkpoint: {directory: /data/checkpoints}
            """;
    private static final WarehouseConfig WAREHOUSE =
            new WarehouseConfig(Path.of("/data/warehouse"), "jdbc:sqlite:/data/catalog.db");

    @Test
    void theShortestFileHasTheDefaults() {
        ConfigAssertions.assertDefaults(
                MonitoringJobConfig.class,
                SHORTEST,
                new MonitoringJobConfig(
                        "demo",
                        ClockMode.WALL,
                        new KafkaConfig("localhost:9092"),
                        WAREHOUSE,
                        new Checkpoint(Duration.ofSeconds(5), URI.create("file:///data/checkpoints")),
                        1,
                        Duration.ofHours(1)));
    }

    @Test
    void everyFieldCanBeGiven() {
        ConfigAssertions.assertFullMapping(
                MonitoringJobConfig.class,
                """
                project: demo
                clock: story
                kafka: {bootstrap: 'localhost:9092', properties: {security.protocol: SSL}}
                warehouse: {path: /data/warehouse, catalog: 'jdbc:sqlite:/data/catalog.db'}
                checkpoint: {interval: 1s, directory: 's3://bucket/checkpoints'}
                parallelism: 4
                progress: 6h
                """,
                new MonitoringJobConfig(
                        "demo",
                        ClockMode.STORY,
                        new KafkaConfig("localhost:9092", Map.of("security.protocol", "SSL")),
                        WAREHOUSE,
                        new Checkpoint(Duration.ofSeconds(1), URI.create("s3://bucket/checkpoints")),
                        4,
                        Duration.ofHours(6)));
    }

    @Test
    void whatCannotBeIsRefusedWithItsName() {
        assertThatThrownBy(() -> parse(SHORTEST + "parallelism: 0\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("parallelism");
        assertThatThrownBy(() -> parse(SHORTEST + "progress: 0s\n")).hasMessageContaining("progress");
    }

    private static MonitoringJobConfig parse(String yaml) {
        return ConfigLoader.parse(yaml, "monitoring-job.yaml", MonitoringJobConfig.class, Map.of());
    }
}
