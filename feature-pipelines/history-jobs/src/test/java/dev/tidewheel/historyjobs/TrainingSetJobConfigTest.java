package dev.tidewheel.historyjobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.history.training.Knowledge;
import dev.tidewheel.historyjobs.TrainingSetJobConfig.FileOf;
import dev.tidewheel.historyjobs.TrainingSetJobConfig.SnapshotOf;
import dev.tidewheel.runtime.config.ConfigAssertions;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingSetJobConfigTest {
    @Test
    void readsAllKeys() {
        ConfigAssertions.assertFullMapping(
                TrainingSetJobConfig.class,
                """
                exchange: /shared/exchange-1
                service: departure
                warehouse: {path: /data, catalog: 'jdbc:sqlite:/data/catalog.db'}
                files: [{source: flights, path: /shared/flights.parquet, computed: {landing: date + 1}}]
                snapshots: [{source: trips, snapshot: 12}]
                held: [origin_delays]
                knowledge: HINDSIGHT
                knowledgeMillis: 60000
                asOf: 2001-01-08T00:00:00Z
                questions: 9
                first: 1
                visibleThrough: 2
                delayMillis: 3
                parallelism: 4
                memory: 64MB
                """,
                new TrainingSetJobConfig(
                        Path.of("/shared/exchange-1"),
                        "departure",
                        Optional.of(new WarehouseConfig(Path.of("/data"), "jdbc:sqlite:/data/catalog.db")),
                        List.of(new FileOf(
                                "flights", Path.of("/shared/flights.parquet"), Map.of("landing", "date + 1"))),
                        List.of(new SnapshotOf("trips", 12)),
                        List.of("origin_delays"),
                        Knowledge.HINDSIGHT,
                        60_000,
                        Optional.of(Instant.parse("2001-01-08T00:00:00Z")),
                        9,
                        1,
                        2,
                        3,
                        4,
                        Optional.of(new DataSize(64L << 20))));
    }

    @Test
    void nothingToDoIsRefused() {
        assertThatThrownBy(() -> new TrainingSetJobConfig(
                        Path.of("/x"),
                        "departure",
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Knowledge.POINT_IN_TIME,
                        0,
                        Optional.empty(),
                        0,
                        0,
                        0,
                        0,
                        1,
                        Optional.empty()))
                .hasMessageContaining("questions must be at least 1");
    }
}
