package dev.tidewheel.workbench.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.workbench.report.ControlReport.Day;
import dev.tidewheel.workbench.report.ControlReport.Losses;
import dev.tidewheel.workbench.report.ControlReport.Promotion;
import dev.tidewheel.workbench.report.ControlReport.Span;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeekAfterTest {
    private static final Instant BEGIN = Instant.parse("2001-02-01T00:00:00Z");
    private static final Instant NOON = Instant.parse("2001-02-03T12:00:00Z");
    private static final Instant BACK = Instant.parse("2001-02-05T00:00:00Z");

    @Test
    void comparesOnTheWholeDaysThatFollowAndWeighsThemByRows() {
        List<Promotion> promotions = WeekAfter.of(
                List.of(new Span("1", "champion", BEGIN, NOON), new Span("2", "champion", NOON, BACK)),
                List.of(losses("1", 9.0, 0.5, 0.5), losses("2", 0.0, 0.4, 0.8)));

        assertThat(promotions).hasSize(1);
        Promotion promotion = promotions.get(0);
        assertThat(promotion.days()).isEqualTo(2);
        assertThat(promotion.rows()).isEqualTo(400);
        assertThat(promotion.promoted()).isCloseTo(0.7, within(1e-12));
        assertThat(promotion.formerChampion()).isCloseTo(0.5, within(1e-12));
        assertThat(promotion.betterThanFormer()).isFalse();
    }

    @Test
    void whoComesBackIsNotPromoted() {
        List<Span> serving = List.of(
                new Span("1", "champion", BEGIN, NOON),
                new Span("2", "champion", NOON, BACK),
                new Span("1", "champion", BACK, BACK));

        assertThat(WeekAfter.of(serving, List.of(losses("1", 1, 1, 1), losses("2", 1, 1, 1))))
                .extracting(Promotion::version)
                .containsExactly("2");
    }

    /** The 3rd, the 4th with 100 rows, the 5th with 300. */
    private static Losses losses(String version, double third, double fourth, double fifth) {
        return new Losses(
                version,
                List.of(
                        new Day(LocalDate.of(2001, 2, 3), 1_000, third),
                        new Day(LocalDate.of(2001, 2, 4), 100, fourth),
                        new Day(LocalDate.of(2001, 2, 5), 300, fifth)));
    }
}
