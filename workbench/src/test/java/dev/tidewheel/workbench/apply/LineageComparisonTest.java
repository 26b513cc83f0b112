package dev.tidewheel.workbench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import dev.tidewheel.workbench.apply.LineageComparison.Feature;
import dev.tidewheel.workbench.cli.Tidewheel;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two lineages of a view in a real store; the second weighs what the first counts, and has one feature more. */
class LineageComparisonTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long T = 1_000_000_000_000L;
    private static final int KEYS = 30;

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    private static final String SOURCE = """
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: trips}
            spec:
              kafka: {topic: trips, format: json}
              schema: trip.avsc
              eventTime: at
              horizon: 1d
            """;
    private static final String TRIP = """
            {"type": "record", "name": "Trip", "fields": [
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "station", "type": "string"},
              {"name": "minutes", "type": "long"}
            ]}
            """;
    private static final String DURATIONS = """
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata: {name: durations}
            spec:
              source: trips
              entity: [station]
              features:
                - {name: trips, aggregate: count, windows: [1d]}
                - {name: minutes, aggregate: sum, of: %s, windows: [1d]}
            """;

    @TempDir
    Path folder;

    @Test
    void valuesOfTheSameKeysAreSetBesideEachOther() throws Exception {
        KAFKA.createOwnTopics();
        ViewLineage one = lineage(1, DURATIONS.formatted("minutes"));
        ViewLineage other = lineage(
                2,
                DURATIONS.formatted("minutes + 2")
                        + "    - {name: longest, aggregate: max, of: minutes, windows: [1d]}\n");
        try (RedisFeatureStore store = store();
                RegistryPublisher publisher = new RegistryPublisher(KAFKA.config(), DEADLINE)) {
            for (ViewLineage lineage : List.of(one, other)) {
                publisher.publish(ViewLineages.computed(lineage, 0), Map.of());
                for (int key = 0; key < KEYS - lineage.lineage(); key++) {
                    write(store, lineage, key);
                }
            }
            LineageComparison.Outcome all = new LineageComparison(store, DEADLINE).compare(one, other, 100, T);
            LineageComparison.Outcome some = new LineageComparison(store, DEADLINE).compare(one, other, 7, T);

            assertThat(all.keys()).isEqualTo(KEYS - 1);
            assertThat(all.sampled()).isEqualTo(KEYS - 1);
            assertThat(all.onlyFirst()).as("the last key").isEqualTo(1);
            assertThat(all.onlySecond()).isZero();
            assertThat(all.empty()).isZero();
            assertThat(all.features())
                    .containsExactly(
                            new Feature("trips_1d", KEYS - 2, 0, 0, 0, ""),
                            new Feature(
                                    "minutes_1d",
                                    0,
                                    0,
                                    KEYS - 2,
                                    2,
                                    all.features().get(1).greatest()));
            assertThat(all.features().get(1).greatest()).matches("K\\d+: 1\\d\\d OK, 1\\d\\d OK");
            assertThat(all.featuresOfOne()).containsExactly("longest_1d");
            assertThat(some.sampled()).isEqualTo(7);
            assertThat(new LineageComparison(store, DEADLINE).compare(one, other, 7, T))
                    .isEqualTo(some);
        }
        String then = Instant.ofEpochMilli(T).toString();
        assertThat(compare("durations@1", "durations@2", then)).isZero();
        assertThat(compare("durations@1", "durations@2", "2026-11-21T00:00:00Z"))
                .as("all windows are empty")
                .isEqualTo(ExitCode.NOT_SOUND);
        assertThat(compare("durations@1", "durations@9", then)).as("not there").isEqualTo(ExitCode.FAILED);
    }

    private static int compare(String first, String second, String at) {
        return Tidewheel.run(
                "lineages",
                "compare",
                first,
                second,
                "--at",
                at,
                "--sample",
                "10",
                "--bootstrap",
                KAFKA.bootstrap(),
                "--redis",
                REDIS.uri().toString(),
                "--project",
                "p");
    }

    private static RedisFeatureStore store() {
        return new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), "p", DEADLINE));
    }

    private ViewLineage lineage(long number, String view) throws IOException {
        Path files = Files.createDirectory(folder.resolve("lineage" + number));
        Files.writeString(files.resolve("source.yaml"), SOURCE);
        Files.writeString(files.resolve("trip.avsc"), TRIP);
        Files.writeString(files.resolve("view.yaml"), view);
        List<RegistryEntry> entries = Definitions.load(files).orThrow().toRegistry();
        RegistryEntry of = entries.stream()
                .filter(entry -> entry.name().equals("durations"))
                .findFirst()
                .orElseThrow();
        String source = entries.stream()
                .filter(entry -> entry.name().equals("trips"))
                .findFirst()
                .orElseThrow()
                .body();
        return new ViewLineage("durations", number, "trips", number - 1, of.hash(), of.body(), source);
    }

    private static void write(RedisFeatureStore store, ViewLineage lineage, int key) {
        ViewPlan plan = Definitions.fromRegistry(List.of(lineage.sourceBody(), lineage.viewBody()))
                .orThrow()
                .viewPlan(lineage.view());
        KeyState state = new KeyState(plan);
        Row row = new Row(3).setLong(0, T - 1_000).setString(1, "K" + key).setLong(2, 100 + key);
        state.route(new Change(false, EventId.of(key), T - 1_000, T - 500, row), false);
        StoredState stored =
                new StoredState(state.version(), new FlushId(1, 0, 1), state.encodeBase(), state.encodeHead());
        ViewKey at = new ViewKey("durations", lineage.lineage(), "K" + key);
        assertThat(store.write(Map.of(at, stored)).toCompletableFuture().join().accepted())
                .isEqualTo(1);
    }
}
