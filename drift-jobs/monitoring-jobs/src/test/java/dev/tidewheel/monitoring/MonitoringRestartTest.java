package dev.tidewheel.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.records.Alert;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.runtime.await.Await;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job, stopped in the middle and started again from a checkpoint that is older than what it had published. */
class MonitoringRestartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    Path folder;

    @Test
    void whatIsPublishedAgainIsTheSame(@InjectMiniCluster MiniCluster cluster) throws Exception {
        KAFKA.createOwnTopics();
        Story story = new Story(4).days(3, 200);
        try (Platform platform = new Platform(KAFKA)) {
            platform.define(Story.definitions());
            JobClient first = start(null);
            replay(platform, story, 0, 5);
            String checkpoint = cluster.triggerCheckpoint(first.getJobID()).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            replay(platform, story, 5, 10);
            first.cancel().get();
            Await.until("the first job's end", () -> status(first) == JobStatus.CANCELED);
            int before = platform.metrics().size();

            JobClient second = start(checkpoint);
            replay(platform, story, 10, 22);
            second.cancel().get();

            List<MetricRow> rows = platform.metrics();
            Map<String, MetricRow> byKey = new HashMap<>();
            int again = 0;
            for (MetricRow row : rows) {
                String key = row.getMonitor() + row.getModelVersion() + row.getFeature() + row.getSegment()
                        + row.getWindowStart() + "/" + row.getRevision();
                MetricRow known = byKey.putIfAbsent(key, row);
                again += known == null ? 0 : 1;
                assertThat(known == null ? row : known).isEqualTo(row);
            }
            assertThat(before).isPositive();
            assertThat(again).as("rows that were published twice").isPositive();
            assertCounts(story, byKey);
            Map<String, Alert> alerts = new HashMap<>();
            for (Alert alert : platform.alerts()) {
                Alert known = alerts.putIfAbsent(alert.getId() + alert.getKind(), alert);
                assertThat(known == null ? alert : known).isEqualTo(alert);
            }
        }
    }

    private static void assertCounts(Story story, Map<String, MetricRow> rows) {
        for (long day = Story.START; day < Story.START + 3 * Story.DAY; day += Story.DAY) {
            long start = day;
            long asked = story.inferences.stream()
                    .filter(row ->
                            row.getModelVersion().equals("1") && row.getT() >= start && row.getT() < start + Story.DAY)
                    .count();
            assertThat(rows.get(Story.MONITOR + "1@healthall" + day + "/0"))
                    .satisfies(row -> assertThat(row.getCounts().getRows()).isEqualTo(asked));
        }
    }

    /** Control ticks from one number to another, six hours each. */
    private static void replay(Platform platform, Story story, int from, int to) {
        for (int tick = from; tick < to; tick++) {
            long before = Story.START + (tick - 1) * 6 * Story.HOUR;
            long now = before + 6 * Story.HOUR;
            platform.infer(story.inferences.stream()
                    .filter((Inference row) -> row.getT() >= before && row.getT() < now)
                    .toList());
            platform.label(story.labels.stream()
                    .filter((Label label) -> label.getKnownTime() > before && label.getKnownTime() <= now)
                    .toList());
            platform.tick(now);
            platform.awaitFrontier();
        }
    }

    private static JobStatus status(JobClient job) {
        return job.getJobStatus().join();
    }

    private JobClient start(String checkpoint) throws Exception {
        MonitoringJobConfig config = new MonitoringJobConfig(
                "test",
                ClockMode.STORY,
                KAFKA.config(),
                new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db")),
                new MonitoringJobConfig.Checkpoint(
                        // Only the one that the test asks for: a newer one would replace it.
                        Duration.ofHours(1), folder.resolve("checkpoints").toUri()),
                2,
                Duration.ofHours(1));
        Configuration settings = MonitoringSettings.of(config);
        if (checkpoint != null) {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        MonitoringJob.build(environment, config);
        return environment.executeAsync();
    }
}
