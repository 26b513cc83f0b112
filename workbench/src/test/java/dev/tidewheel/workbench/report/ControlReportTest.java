package dev.tidewheel.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.workbench.report.ControlReport.AlertRule;
import dev.tidewheel.workbench.report.ControlReport.Day;
import dev.tidewheel.workbench.report.ControlReport.Losses;
import dev.tidewheel.workbench.report.ControlReport.Promotion;
import dev.tidewheel.workbench.report.ControlReport.Run;
import dev.tidewheel.workbench.report.ControlReport.Span;
import dev.tidewheel.workbench.report.ControlReport.Watched;
import dev.tidewheel.workbench.report.Report.Percentiles;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ControlReportTest {
    private static final Instant BEGIN = Instant.parse("2001-02-01T00:00:00Z");
    private static final Instant PROMOTED = Instant.parse("2001-02-07T12:00:00Z");
    private static final Instant END = Instant.parse("2001-03-01T00:00:00Z");

    static ControlReport sample() {
        return new ControlReport(
                "late-arrival",
                "1",
                List.of(new Watched("late-arrival-daily", 3, 61, 120_000, 58, 40)),
                List.of(new AlertRule(
                        "late-arrival-daily",
                        "label-share",
                        "WARNING",
                        2,
                        1,
                        List.of(LocalDate.of(2001, 2, 9), LocalDate.of(2001, 2, 24)))),
                List.of(
                        new Run(
                                "weekly-1",
                                "weekly",
                                "tick/late-arrival/981352800000",
                                BEGIN.plusSeconds(400_000),
                                Optional.of(PROMOTED),
                                Optional.of("PROMOTED"),
                                "served well"),
                        new Run(
                                "storm-1",
                                "storm",
                                "alert/5f/FIRED",
                                PROMOTED.plusSeconds(400_000),
                                Optional.of(PROMOTED.plusSeconds(400_000)),
                                Optional.of("REFUSED"),
                                "log loss 0.4912 of 3,300 rows is not below 0.4801 of the champion")),
                List.of(new Span("1", "champion", BEGIN, PROMOTED), new Span("weekly-1", "champion", PROMOTED, END)),
                List.of(new Span("weekly-1", "shadow", PROMOTED.minusSeconds(90_000), PROMOTED)),
                List.of(losses(ControlReport.SERVED, 0), losses("1", 0.01), losses("weekly-1", -0.01)),
                List.of(new Promotion("weekly-1", "1", PROMOTED, 7, 24_000, 0.4701, 0.4755, 0.4755)),
                1_234,
                new Percentiles(117, 400, 600, 9_000, 12_000, 12_000));
    }

    @Test
    void tellsOfAlertsTrainingsRefusalsAndWhatPromotionsWereWorth() {
        List<String> lines = ControlText.lines(sample());

        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(String.join(" ", lines).replaceAll(" +", " "))
                .contains("120,000 rows in 61 windows of 3 versions, 58 settled, 40 revised by labels")
                .contains("label-share (warning): 2 fired, 1 withdrawn; windows of 9 Feb, 24 Feb")
                .contains("2 started, 1 promoted, 1 refused, by 1,234 decisions")
                .contains("storm-1, started 2001-02-12 03:06 by alert 5f: refused: log loss 0.4912")
                .contains("Champion weekly-1 from 2001-02-07 12:00 to 2001-03-01 00:00")
                .contains(
                        "weekly-1 in the 7 days after its promotion: 0.4701 against 0.4755 of 1, never retrained, whose place it"
                                + " took: better");
    }

    @Test
    void aPromotionThatWasABadIdeaIsCalledSo() {
        Promotion bad = new Promotion("storm-2", "weekly-1", PROMOTED, 3, 9_000, 0.5, 0.47, 0.51);

        assertThat(ControlText.sentence(bad, "1"))
                .isEqualTo(
                        "storm-2 in the 3 days after its promotion: 0.5000 against 0.4700 of weekly-1, whose place it"
                                + " took: not better; against 0.5100 of 1, never retrained: better");
    }

    @Test
    void thePageHasATimeLine() {
        assertThat(ControlHtml.render(sample()))
                .contains("<svg", "never retrained", "weekly-1, champion", "weekly-1, shadow", "2001-02-24");
    }

    private static Losses losses(String version, double more) {
        return new Losses(
                version,
                IntStream.range(0, 28)
                        .mapToObj(day -> new Day(
                                LocalDate.of(2001, 2, 1).plusDays(day), 3_600, 0.47 + 0.05 * Math.sin(day) + more))
                        .toList());
    }
}
