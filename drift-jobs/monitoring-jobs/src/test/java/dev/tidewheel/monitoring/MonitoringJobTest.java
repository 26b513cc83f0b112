package dev.tidewheel.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on a real broker, a real warehouse and a Flink cluster in this JVM. */
class MonitoringJobTest {
    private static final int PARALLELISM = 2;

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    @TempDir
    Path folder;

    @Test
    void countsEqualTheLogAndSegmentsSumToTheWhole() throws Exception {
        KAFKA.createOwnTopics();
        Story story = new Story(3).days(4, 400);
        try (Platform platform = new Platform(KAFKA)) {
            JobClient job = start();
            try {
                replay(platform, story, 8);
                List<MetricRow> rows = platform.metrics();
                story.inferences.stream()
                        .collect(Collectors.groupingBy(row -> row.getModelVersion() + "/" + day(row.getT())))
                        .forEach((key, ofDay) -> assertHealth(rows, key, ofDay));
                assertSegmentsSum(rows);
            } finally {
                job.cancel().get();
            }
        }
    }

    private static void assertHealth(List<MetricRow> rows, String versionAndDay, List<Inference> naive) {
        List<MetricRow> health = rows.stream()
                .filter(row ->
                        row.getFeature().equals("@health") && row.getSegment().equals("all"))
                .filter(row -> versionAndDay.equals(row.getModelVersion() + "/" + row.getWindowStart()))
                .toList();
        assertThat(health).as(versionAndDay).hasSize(1);
        assertThat(health.get(0).getSettled()).isTrue();
        assertThat(health.get(0).getCounts().getRows()).isEqualTo(naive.size());
        assertThat(health.get(0).getCounts().getUnavailable())
                .isEqualTo(naive.stream()
                        .filter(row -> row.getPrediction().isEmpty())
                        .count());
        MetricRow delay = rows.stream()
                .filter(row ->
                        row.getFeature().equals("delay") && row.getSegment().equals("all"))
                .filter(row -> versionAndDay.equals(row.getModelVersion() + "/" + row.getWindowStart()))
                .findFirst()
                .orElseThrow();
        assertThat(delay.getCounts().getRows()).isEqualTo(naive.size());
        assertThat(delay.getCounts().getUnavailable())
                .isEqualTo(naive.stream()
                        .filter(row -> row.getStatuses().get(0) == 7)
                        .count());
    }

    private static void assertSegmentsSum(List<MetricRow> rows) {
        Map<String, Long> sums = rows.stream()
                .filter(row ->
                        row.getModelVersion().equals("1") && !row.getSegment().equals("all"))
                .collect(Collectors.groupingBy(
                        row -> row.getFeature() + "/" + row.getWindowStart() + "/" + row.getRevision() + "/"
                                + row.getSegment().substring(0, row.getSegment().indexOf('=')),
                        Collectors.summingLong(row -> row.getCounts().getRows())));
        assertThat(sums).isNotEmpty();
        for (MetricRow row : rows) {
            if (row.getModelVersion().equals("1")
                    && row.getSegment().equals("all")
                    && !row.getFeature().equals("@label")
                    && !row.getFeature().equals("@performance")) {
                String of = row.getFeature() + "/" + row.getWindowStart() + "/" + row.getRevision() + "/";
                assertThat(sums).containsEntry(of + "origin", row.getCounts().getRows());
                assertThat(sums).containsEntry(of + "carrier", row.getCounts().getRows());
            }
        }
    }

    private static long day(long t) {
        return Math.floorDiv(t, Story.DAY) * Story.DAY;
    }

    /** As the replay driver does: what is known by a control tick, the tick, and the wait for all that follows. */
    static void replay(Platform platform, Story story, int days) {
        platform.define(Story.definitions());
        long before = Long.MIN_VALUE;
        for (long now = Story.START; now <= Story.START + days * Story.DAY; now += 6 * Story.HOUR) {
            long from = before;
            long to = now;
            platform.infer(within(story.inferences, from, to, Inference::getT, false));
            platform.label(within(story.labels, from, to, Label::getKnownTime, true));
            platform.tick(now);
            platform.awaitFrontier();
            before = now;
        }
    }

    private static <T> List<T> within(
            List<T> all, long from, long to, java.util.function.ToLongFunction<T> time, boolean inclusive) {
        int shift = inclusive ? 1 : 0;
        return all.stream()
                .filter(each -> (from == Long.MIN_VALUE || time.applyAsLong(each) >= from + shift)
                        && time.applyAsLong(each) < to + shift)
                .toList();
    }

    private JobClient start() throws Exception {
        MonitoringJobConfig config = new MonitoringJobConfig(
                "test",
                ClockMode.STORY,
                KAFKA.config(),
                new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db")),
                new MonitoringJobConfig.Checkpoint(
                        Duration.ofMillis(500), folder.resolve("checkpoints").toUri()),
                PARALLELISM,
                Duration.ofHours(1));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(MonitoringSettings.of(config));
        MonitoringJob.build(environment, config);
        return environment.executeAsync();
    }
}
