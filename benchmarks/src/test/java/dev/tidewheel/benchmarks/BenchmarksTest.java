package dev.tidewheel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every benchmark runs, small: what all the jobs write is held against their oracles, a difference would throw. How fast
 * they are is not asserted: so few events tell nothing.
 */
class BenchmarksTest {
    private static final Sizes TINY =
            new Sizes(100, 2_000, 0, Duration.ofMinutes(2), 1, 200, 1_000, 500, 3, Duration.ofMillis(250));

    private static Platform platform;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        platform = new Platform();
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void streamingComparesWithTheFloorAndAllThreeWaysOfThePeer() throws Exception {
        JsonNode figures = figures("streaming");
        assertThat(figures.fieldNames())
                .toIterable()
                .contains(
                        "replay floor",
                        "replay tidewheel",
                        "replay Flink SQL HOP",
                        "replay Flink SQL OVER",
                        "replay Flink SQL CUMULATE",
                        "replay: tidewheel / floor",
                        "replay: tidewheel / best Flink SQL");
        // All of it was read by everyone, so nobody's check was left out.
        assertThat(figures.get("replay tidewheel").get("events").asLong()).isEqualTo(TINY.events());
        assertThat(figures.get("replay Flink SQL OVER").get("events").asLong())
                .isGreaterThanOrEqualTo(TINY.events() - 10 * Workload.PARTITIONS);
    }

    @Test
    void theWriterKeepsTimesToLive() throws Exception {
        assertThat(figures("writer").get("versioned / SET PX").get("value").asDouble())
                .isPositive();
    }

    @Test
    void freshnessTellsOfEveryEventAndOfARestore() throws Exception {
        JsonNode figures = figures("freshness");
        assertThat(figures.get("events").asLong()).isEqualTo(TINY.freshRate() * TINY.freshSeconds());
        assertThat(figures.get("max, ms").asDouble())
                .isGreaterThanOrEqualTo(figures.get("p50, ms").get("value").asDouble());
    }

    @Test
    void growthTellsAllAxes() throws Exception {
        assertThat(figures("growth").fieldNames())
                .toIterable()
                .contains(
                        "keys x 100: cost per event",
                        "features x 216: cost per event",
                        "window x 2160: cost per event",
                        "Zipf[exponent=1.1]: cost per event");
    }

    @Test
    void valuesThatDifferFromTheOracleEndTheRun() throws Exception {
        Workload workload = new Workload(10, 200, 60_000, new Workload.Skew.Uniform(), 1);
        Workload other = new Workload(10, 200, 60_000, new Workload.Skew.Uniform(), 2);
        platform.load("differs", workload);
        assertThatThrownBy(() -> OurRun.measure(
                        new Meter(platform),
                        platform,
                        new JobShape("differs", Duration.ofSeconds(1), StateBackend.HASHMAP),
                        workload,
                        ViewShape.four(StreamingBenchmark.WINDOWS),
                        new Sample(other, 10)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the oracle says");
    }

    private JsonNode figures(String name) throws Exception {
        Path file = Main.run(name, platform, TINY).save(folder, Map.of());
        return new ObjectMapper().readTree(file.toFile()).get("figures");
    }
}
