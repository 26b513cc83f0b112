package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.records.Alert;
import dev.tidewheel.records.AlertKind;
import dev.tidewheel.records.DecisionOutcome;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.Measure;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.workbench.cli.Tidewheel;
import dev.tidewheel.workbench.report.Report.BookEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Three days of the closed loop: alerts, starts by alert and by schedule, the gate, a rollout. Nothing of it is scripted;
 * the tests say what must follow from what. One run for all of them.
 */
@Tag("processes")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LoopSliceTest {
    private static final String CHAMPION = "champion";
    private static final String SHADOW = "shadow";
    private static final long WINDOW = Duration.ofHours(6).toMillis();

    private static LoopRun run;

    @BeforeAll
    static void play() throws Exception {
        run = LoopRun.undisturbed();
    }

    @Test
    void endsWellWithBooksThatBalanceAndValuesThatAreExplained() {
        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.report().sound()).isTrue();
        assertThat(run.report().books()).allMatch(BookEntry::balanced);
        assertThat(run.report().books())
                .extracting(BookEntry::rule)
                .anyMatch(rule -> rule.startsWith("monitor slice-windows"))
                .anyMatch(rule -> rule.startsWith("alerts"))
                .anyMatch(rule -> rule.startsWith("lifecycle"));
        assertThat(run.report().parity().orElseThrow().unexplained()).isZero();
    }

    @Test
    void theValuesOfShadowAndCanaryAreExplainedToo() {
        Map<String, Long> arms = run.log().inferences().stream()
                .collect(Collectors.groupingBy(Inference::getArm, Collectors.counting()));
        assertThat(arms).containsKeys(CHAMPION, SHADOW, "canary");
        long scored = run.log().inferences().stream()
                .filter(inference -> inference.getStatus() == InferenceStatus.OK)
                .count();
        assertThat(run.report().parity().orElseThrow().vectors()).isEqualTo(scored);
    }

    /** A request in the shadow's time has two rows with the same question and the same features; else it has one. */
    @Test
    void everyRequestIsAnsweredOnceAndShadowedAtMostOnce() {
        Map<String, List<Inference>> byRequest =
                run.log().inferences().stream().collect(Collectors.groupingBy(Inference::getRequestId));
        assertThat(byRequest).hasSize(Math.toIntExact(run.report().serving().requests()));
        assertThat(byRequest.values()).allSatisfy(rows -> {
            assertThat(rows).filteredOn(row -> !row.getArm().equals(SHADOW)).hasSize(1);
            assertThat(rows).filteredOn(row -> row.getArm().equals(SHADOW)).hasSizeLessThanOrEqualTo(1);
            assertThat(rows).allMatch(row -> row.getNumbers().equals(rows.get(0).getNumbers()));
        });
    }

    @Test
    void somethingFiresAndAllAlertsAreDecidedUpon() {
        assertThat(run.log().alerts()).extracting(Alert::getKind).contains(AlertKind.FIRED);
        assertAllAlertsAreDecidedUpon(run.log());
    }

    @Test
    void runsStartByAlertAndBySchedule() {
        Map<String, LifecycleDecision> starts = run.log().starts();
        assertThat(starts).containsKeys("hasty-1", "daily-1");
        assertThat(starts.get("hasty-1").getEventId()).startsWith("alert/");
        assertThat(starts.get("daily-1").getReason()).contains("slot of 2001-02-02T06:00:00Z");
        assertRunsKeepToTheirLimits(starts);
    }

    /** The definitions say: between two daily runs 12 h, between two hasty ones a day; of these only one in four weeks. */
    private static void assertRunsKeepToTheirLimits(Map<String, LifecycleDecision> starts) {
        List<Long> daily = times(starts, "daily-");
        for (int i = 1; i < daily.size(); i++) {
            assertThat(daily.get(i) - daily.get(i - 1))
                    .isGreaterThanOrEqualTo(Duration.ofHours(12).toMillis());
        }
        assertThat(daily).hasSizeLessThanOrEqualTo(4);
        assertThat(times(starts, "hasty-")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void theGateJudgesAndAChallengerGoesItsWay() {
        List<LifecycleDecision> decisions = run.log().decisions();
        assertThat(decisions)
                .filteredOn(LoopSliceTest::isOfTheGate)
                .hasSameSizeAs(run.log().starts().values());
        assertThat(decisions)
                .as("a step of a rollout")
                .anyMatch(decision ->
                        decision.getFrom().equals("Shadow") && decision.getTo().startsWith("Canary"));
        assertThat(run.report().control().orElseThrow().runs())
                .extracting(each -> each.version())
                .containsExactlyElementsOf(run.log().starts().keySet());
    }

    @Test
    void everyDecisionFollowsFromItsOwnNumbers() {
        List<String> complaints = new ArrayList<>();
        String champion = "";
        for (LifecycleDecision decision : run.log().decisions()) {
            complaints.addAll(DecisionCheck.complaints(decision, champion));
            champion = LoopLog.state(decision).path("champion").asText();
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void repeatedEventsChangeNothing() {
        List<LifecycleDecision> decisions = new ArrayList<>(run.log().decisions());
        decisions.removeAll(run.log().firstDecisions());
        assertThat(decisions).allMatch(decision -> decision.getOutcome() != DecisionOutcome.CHANGED);
    }

    /** Label coverage only grows, revisions count from 0, and nothing follows a row that says that it is the last. */
    @Test
    void lateLabelsRevise() {
        Map<String, List<MetricRow>> labelled = run.log().metricsBy(LoopSliceTest::window);
        labelled.keySet().removeIf(window -> !window.contains("@label"));
        assertThat(labelled.values()).as("windows with later labels").anyMatch(rows -> rows.size() > 1);
        assertThat(labelled.values())
                .extracting(rows -> rows.stream().map(MetricRow::getRevision).toList())
                .allMatch(revisions -> revisions.equals(
                        IntStream.range(0, revisions.size()).boxed().toList()));
        assertThat(labelled.values())
                .extracting(rows -> rows.stream().map(MetricRow::getLabelled).toList())
                .allMatch(counts -> counts.equals(counts.stream().sorted().toList()));
        List<String> goOn = labelled.entrySet().stream()
                .filter(window -> window.getValue().stream()
                        .limit(window.getValue().size() - 1)
                        .anyMatch(MetricRow::getSettled))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(goOn).as("windows that go on after they were settled").isEmpty();
    }

    /** Each segment is revised when something of its own changes: the newest revisions are held against each other. */
    @Test
    void segmentsSumToTheTotal() {
        Map<String, Map<Boolean, Long>> sums = new TreeMap<>();
        run.log().metricsBy(LoopSliceTest::window).values().forEach(revisions -> {
            MetricRow newest = revisions.get(revisions.size() - 1);
            if (newest.getMonitor().equals("slice-windows")) {
                sums.computeIfAbsent(withoutSegment(newest), none -> new TreeMap<>())
                        .merge(
                                newest.getSegment().equals("all"),
                                newest.getCounts().getRows(),
                                Long::sum);
            }
        });
        assertThat(sums).isNotEmpty();
        assertThat(sums)
                .allSatisfy((window, rows) -> assertThat(rows.get(false)).isEqualTo(rows.get(true)));
    }

    /** Monitoring's counts are equal to those of SQL over its table, its scores to 1e-9. */
    @Test
    void sqlFindsTheSame() throws Exception {
        for (String version : List.of(run.report().control().orElseThrow().first(), "daily-1")) {
            try (LoopSql sql = new LoopSql(run.run())) {
                Map<Long, Double> rows = sql.rows(version, WINDOW);
                Map<Long, Double> means = sql.meanPrediction(version, WINDOW);
                Map<Long, Double> psi = sql.psiOfPredictions(version, WINDOW);
                List<MetricRow> predictions = run.log().metrics().stream()
                        .filter(row -> row.getMonitor().equals("slice-windows")
                                && row.getModelVersion().equals(version)
                                && row.getSegment().equals("all")
                                && "@prediction".equals(row.getFeature()))
                        .toList();
                assertThat(predictions).isNotEmpty().allSatisfy(row -> {
                    long start = row.getWindowStart();
                    assertThat((double) row.getCounts().getRows()).isEqualTo(rows.get(start));
                    assertThat(measured(row, "mean")).isCloseTo(means.get(start), within(1e-9));
                    assertThat(measured(row, "psi")).isCloseTo(psi.get(start), within(1e-9));
                });
                assertThat(predictions).extracting(MetricRow::getWindowStart).containsAll(rows.keySet());
            }
        }
    }

    @Test
    void theReportTellsOfIt() throws Exception {
        var control = run.report().control().orElseThrow();
        assertThat(control.fired())
                .isEqualTo(run.log().alerts().stream()
                        .filter(alert -> alert.getKind() == AlertKind.FIRED)
                        .map(Alert::getId)
                        .distinct()
                        .count());
        assertThat(control.decisions()).isEqualTo(run.log().decisions().size());
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void aReplayAgreesByteForByte() {
        assertThat(replay()).isZero();
    }

    /** The last test: afterwards the run's history is wrong. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aReplayFindsAForgedDecision() throws Exception {
        LifecycleDecision honest = run.log().starts().get("hasty-1");
        LoopLog.forge(
                run.run(),
                LifecycleDecision.newBuilder(honest)
                        .setReason(honest.getReason() + " and nobody asked")
                        .build());

        assertThat(replay()).isEqualTo(1);
    }

    static void assertAllAlertsAreDecidedUpon(LoopLog log) {
        Set<String> decided =
                log.decisions().stream().map(LifecycleDecision::getEventId).collect(Collectors.toSet());
        assertThat(log.alerts())
                .allSatisfy(alert ->
                        assertThat(decided).anyMatch(id -> id.startsWith("alert/") && id.contains(alert.getId())));
    }

    private static double measured(MetricRow row, String name) {
        return row.getMeasures().stream()
                .filter(measure -> measure.getName().equals(name))
                .map(Measure::getValue)
                .findFirst()
                .orElseThrow();
    }

    private int replay() {
        String name = run.run().root().getFileName().toString();
        return Tidewheel.run("lifecycle", "replay", "--run=" + name);
    }

    private static boolean isOfTheGate(LifecycleDecision decision) {
        return decision.getNumbers().stream()
                .anyMatch(number -> number.getName().startsWith("challenger_"));
    }

    private static List<Long> times(Map<String, LifecycleDecision> starts, String prefix) {
        return starts.entrySet().stream()
                .filter(start -> start.getKey().startsWith(prefix))
                .map(start -> start.getValue().getNow())
                .toList();
    }

    private static String window(MetricRow row) {
        return withoutSegment(row) + " " + row.getSegment();
    }

    private static String withoutSegment(MetricRow row) {
        return String.join(
                " ",
                row.getMonitor(),
                row.getModelVersion(),
                String.valueOf(row.getFeature()),
                Instant.ofEpochMilli(row.getWindowStart()).toString());
    }
}
