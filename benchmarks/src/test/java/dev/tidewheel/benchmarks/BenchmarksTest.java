package dev.tidewheel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.benchmarks.Meter.Patience;
import dev.tidewheel.benchmarks.ProfileBenchmark.Part;
import dev.tidewheel.benchmarks.Workload.Stretch;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every benchmark runs, small: what all the jobs write is held against their oracles, a difference would throw. How fast
 * they are is not asserted: so few events tell nothing.
 */
class BenchmarksTest {
    private static final Patience PATIENT = new Patience(Duration.ofMinutes(2), Duration.ofMinutes(2));
    private static final Sizes TINY =
            new Sizes(100, 3_500, 2_000, PATIENT, 1, 2_000, 1_000, 500, 3, Duration.ofMillis(250), 1_000);

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
        for (String who : List.of("floor", "tidewheel", "Flink SQL HOP", "Flink SQL OVER", "Flink SQL CUMULATE")) {
            assertThat(figures.get("live " + who).get("end").asText()).as(who).isEqualTo("THROUGH");
        }
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
    void historyIsAnsweredAlikeByAllPlansOfThePeer() throws Exception {
        assertThat(history(HistoryShape.uniform(TINY.historyPart()), Optional.empty(), Optional.empty()))
                .contains("tidewheel / best DuckDB", "the same without start-up");
        assertThat(history(HistoryShape.hot(TINY.historyPart()), Optional.empty(), Optional.empty()))
                .contains("best DuckDB / tidewheel");
    }

    @Test
    void historyIsAnsweredAlikeBySpark() throws Exception {
        Spark spark = Spark.in(Path.of(".."));
        assumeTrue(
                Files.exists(spark.jar()),
                "no Spark was built; ./tidewheel benchmark --quick --peers spark history does it");
        assertThat(history(HistoryShape.hot(TINY.historyPart()), Optional.of(spark), Optional.empty()))
                .contains("Spark RANGE_JOIN, heap 4g", "Spark UNION, heap 4g", "best Spark / tidewheel");
    }

    @Test
    void aPeerThatCannotBeBuiltIsLeftOut() throws Exception {
        Path maven = Files.writeString(folder.resolve("mvnw"), "#!/bin/sh\necho 'no such host'\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        assertThat(Spark.build(folder)).isEmpty();
    }

    @Test
    void lastRowsAreAnsweredAlikeByBothStoresOfFeast() throws Exception {
        Feast feast = Feast.in(Path.of(".."));
        assumeTrue(
                Files.exists(feast.python()),
                "no Feast was installed; ./tidewheel benchmark --quick --peers feast history does it");
        assertThat(history(HistoryShape.hot(TINY.historyPart()), Optional.empty(), Optional.of(feast)))
                .contains(
                        "last row of 5000 events: tidewheel, heap 1g",
                        "last row of 5000 events: Feast DUCKDB",
                        "last row of 5000 events: Feast DUCKDB, questions left out",
                        "last row of 5000 events: Feast DASK",
                        "last row of 5000 events: best Feast / tidewheel");
    }

    @Test
    void whereFeastGivesUpASmallerPartIsTried() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path python = Files.writeString(bin.resolve("python"), "#!/bin/sh\n[ \"$2\" = prepare ] || exit 3\n");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        Feast feast = new Feast(folder, folder.resolve("no.py"));
        Report report = new Report("history-hot");
        new LastRowComparison(HistoryShape.hot(TINY.historyPart()), folder, feast, List.of(1, 2))
                .run(OurSide.in(folder, report), report);
        JsonNode figures = figures(report);
        for (String part : List.of("last row of 5000 events: ", "last row of 2500 events: ")) {
            assertThat(figures.has(part + "tidewheel, heap 1g")).isTrue();
            assertThat(figures.get(part + "Feast DUCKDB").asText()).startsWith("out of memory");
            assertThat(figures.get(part + "Feast DASK").asText()).startsWith("out of memory");
            assertThat(figures.has(part + "best Feast / tidewheel")).isFalse();
        }
    }

    @Test
    void aProgramThatIsNotThroughIsEnded() throws Exception {
        OwnProcess.End end = OwnProcess.run(List.of("sleep", "600"), folder, Duration.ofMillis(10));
        assertThat(end).isInstanceOf(OwnProcess.End.GaveUp.class);
    }

    @Test
    void aPeerThatCannotBeInstalledIsLeftOut() throws Exception {
        assertThat(Feast.install("no-such-python", folder)).isEmpty();
    }

    private List<String> history(HistoryShape shape, Optional<Spark> spark, Optional<Feast> feast) throws Exception {
        List<String> names = new ArrayList<>();
        figures(new HistoryBenchmark(shape, folder, spark, feast).run())
                .fieldNames()
                .forEachRemaining(names::add);
        assertThat(names).contains("tidewheel, heap 1g", "DuckDB RANGE_JOIN", "DuckDB ASOF_JOIN", "DuckDB UNION");
        return names;
    }

    @Test
    void valuesThatDifferFromTheOracleEndTheRun() throws Exception {
        platform.load("differs", workload(1));
        assertThatThrownBy(() -> OurRun.measure(
                        platform,
                        new JobShape("differs", Duration.ofSeconds(1), StateBackend.HASHMAP),
                        ViewShape.four(StreamingBenchmark.WINDOWS),
                        new Sample(workload(2), 10)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the oracle says");
    }

    @Test
    void aPeerThatIsNotThroughIsJudgedByHowFarItCame() throws Exception {
        Workload workload = workload(1);
        platform.load("halted", workload, 150); // The rest never comes.
        Patience hasty = new Patience(Duration.ofMillis(3), Duration.ofMillis(3));
        assertThat(over(workload, hasty)).extracting(Measured::end).containsExactly(Measured.End.NOT_FILLED);
        Patience hastyLater = new Patience(Duration.ofMinutes(1), Duration.ofMillis(3));
        assertThat(over(workload, hastyLater)).extracting(Measured::end).containsExactly(Measured.End.CUT_OFF);
    }

    private static List<Measured> over(Workload workload, Patience patience) throws Exception {
        return new StreamingBenchmark(platform, TINY.withPeers(patience))
                .sql("halted", SqlQuery.Way.OVER, new Sample(workload, 10));
    }

    private static Workload workload(long seed) {
        return new Workload(10, List.of(Stretch.week(100), Stretch.live(100)), new Workload.Skew.Uniform(), seed);
    }

    private JsonNode figures(String name) throws Exception {
        return figures(Main.run(name, platform, TINY, Part.USUAL));
    }

    private JsonNode figures(Report report) throws Exception {
        Path file = report.save(folder, Map.of());
        return new ObjectMapper().readTree(file.toFile()).get("figures");
    }
}
