package dev.tidewheel.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.drift.profile.FeatureProfile;
import dev.tidewheel.monitoring.table.MonitoringTable;
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
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.data.Record;
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
                assertTables(story, rows);
            } finally {
                stop(job);
            }
        }
    }

    /** Figures follow from the tables by SQL: of the whole in every revision, of segments in the last one. */
    private void assertTables(Story story, List<MetricRow> published) throws Exception {
        Warehouse warehouse = new Warehouse(warehouse());
        warehouse.await(MonitoringTable.INFERENCES, story.inferences.size());
        warehouse.await(MonitoringTable.LABELS, story.labels.size());
        List<Record> metrics = warehouse.await(MonitoringTable.METRICS, published.size());
        assertThat(metrics).hasSameSizeAs(published);
        FeatureProfile delay = Story.profile().feature("delay").orElseThrow();
        int revised = 0;
        try (SqlOracle sql =
                new SqlOracle(warehouse.files(MonitoringTable.INFERENCES), warehouse.files(MonitoringTable.LABELS))) {
            for (Record row : metrics) {
                String where = where(row);
                if (row.getField("feature").equals("delay")
                        && row.getField("model_version").equals("1")
                        && row.getField("segment").equals("all")) {
                    assertFigures(row, sql.feature(delay, 1, 1, where));
                } else if (row.getField("feature").equals("@performance")
                        && (row.getField("segment").equals("all") || (boolean) row.getField("settled"))) {
                    revised += (int) row.getField("revision");
                    assertFigures(row, sql.performance(where, (long) row.getField("computed_at")));
                }
            }
        }
        assertThat(revised).as("labels come late").isPositive();
    }

    private static String where(Record row) {
        String segment = (String) row.getField("segment");
        String top = row.getField("model_version") + "";
        String of = switch (segment.replaceAll("=.*", "")) {
            case "origin" -> "entity_keys[1]";
            case "carrier" -> "CASE WHEN nulls[3] THEN NULL ELSE strings[1] END";
            default -> "'all'";
        };
        String value = segment.replaceAll(".*=", "");
        String matches = value.equals("other")
                ? "(" + of + " IS NULL OR " + of + " NOT IN (" + topValues(segment.replaceAll("=.*", "")) + "))"
                : of + " = '" + value + "'";
        return "model_version = '" + top + "' AND t >= " + row.getField("window_start") + " AND t < "
                + row.getField("window_end") + " AND " + matches;
    }

    private static String topValues(String segment) {
        return Story.profile().segment(segment).orElseThrow().top().stream()
                .limit(2)
                .map(top -> "'" + top.value() + "'")
                .collect(Collectors.joining(","));
    }

    private static void assertFigures(Record row, Map<String, Double> expected) {
        for (String count : List.of("rows", "nulls", "unavailable", "nans", "infinities", "valued", "labelled")) {
            if (expected.containsKey(count)) {
                assertThat(((Long) row.getField(count)).doubleValue())
                        .as("%s of %s", count, row)
                        .isEqualTo(expected.get(count));
            }
        }
        @SuppressWarnings("unchecked") // The table's schema.
        List<Record> measures = (List<Record>) row.getField("measures");
        for (Record measure : measures) {
            Double wanted = expected.get((String) measure.getField("name"));
            if (wanted != null) {
                Double value = (Double) measure.getField("value");
                assertThat(value == null ? Double.NaN : value)
                        .as("%s of %s", measure.getField("name"), row)
                        .satisfies(found -> assertThat(
                                        Math.abs(found - wanted) <= 1e-9 || Double.isNaN(found) && Double.isNaN(wanted))
                                .as("%s instead of %s", found, wanted)
                                .isTrue());
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

    /** Ends the job; one that failed says why. */
    private static void stop(JobClient job) throws Exception {
        if (job.getJobStatus().get() == JobStatus.FAILED) {
            var unused = job.getJobExecutionResult().get();
        }
        job.cancel().get();
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

    private WarehouseConfig warehouse() {
        return new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
    }

    private JobClient start() throws Exception {
        MonitoringJobConfig config = new MonitoringJobConfig(
                "test",
                ClockMode.STORY,
                KAFKA.config(),
                warehouse(),
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
