package dev.tidewheel.workbench.report;

import dev.tidewheel.workbench.report.Report.Percentiles;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What monitoring saw and what the lifecycle made of it, read from their topics.
 *
 * @param model whose lifecycle it is
 * @param first the version that the story began with
 * @param windows what was watched
 * @param alerts by rule
 * @param runs all trainings that the lifecycle started, in order
 * @param serving which version was champion when, in order
 * @param trials which versions were on trial when, in order
 * @param losses how good each version was on each day
 * @param promotions what became of each
 * @param decisions how many events were decided
 * @param standstill how long the story stood still at control ticks, wall time
 */
public record ControlReport(
        String model,
        String first,
        List<Watched> windows,
        List<AlertRule> alerts,
        List<Run> runs,
        List<Span> serving,
        List<Span> trials,
        List<Losses> losses,
        List<Promotion> promotions,
        long decisions,
        Percentiles standstill) {
    /** The name under which {@link #losses} has what callers got, whoever answered. */
    public static final String SERVED = "served";

    public ControlReport {
        windows = List.copyOf(windows);
        alerts = List.copyOf(alerts);
        runs = List.copyOf(runs);
        serving = List.copyOf(serving);
        trials = List.copyOf(trials);
        losses = List.copyOf(losses);
        promotions = List.copyOf(promotions);
    }

    /**
     * The windows of a monitor.
     *
     * @param versions that were seen
     * @param windows closed ones, of all versions together
     * @param rows counted in them
     * @param settled of which no further revision comes
     * @param revised of which labels that came later made further revisions
     */
    public record Watched(String monitor, int versions, long windows, long rows, long settled, long revised) {}

    /**
     * What a rule said.
     *
     * @param fired alerts
     * @param withdrawn of which a later revision took back
     * @param windows the days on which windows with an alert began
     */
    public record AlertRule(
            String monitor, String rule, String severity, long fired, long withdrawn, List<LocalDate> windows) {
        public AlertRule {
            windows = List.copyOf(windows);
        }
    }

    /**
     * A training and what became of its version.
     *
     * @param trigger the event that started it
     * @param end how it ended, in the lifecycle's words; empty if it has not
     * @param why the deciding sentence, with its numbers
     */
    public record Run(
            String version,
            String retraining,
            String trigger,
            Instant started,
            Optional<Instant> ended,
            Optional<String> end,
            String why) {
        /** Whether it became champion, whatever came later. */
        public boolean promoted() {
            return end.filter(word -> word.equals("PROMOTED") || word.equals("ROLLED_BACK"))
                    .isPresent();
        }
    }

    /**
     * A time.
     *
     * @param role champion, shadow or canary
     */
    public record Span(String version, String role, Instant from, Instant to) {}

    /** The mean log loss of a version, day by day. */
    public record Losses(String version, List<Day> days) {
        public Losses {
            days = List.copyOf(days);
        }
    }

    /**
     * One day.
     *
     * @param rows labelled ones
     */
    public record Day(LocalDate date, long rows, double logLoss) {}

    /**
     * How a promoted version did in the whole days of the week that followed, beside those that it could have been: all
     * three on the same flights, offline.
     *
     * @param days how many of seven there were
     * @param promoted its mean log loss
     * @param formerChampion that of the version whose place it took
     * @param neverRetrained that of the first version
     */
    public record Promotion(
            String version,
            String former,
            Instant at,
            int days,
            long rows,
            double promoted,
            double formerChampion,
            double neverRetrained) {
        public boolean betterThanFormer() {
            return promoted < formerChampion;
        }

        public boolean betterThanFirst() {
            return promoted < neverRetrained;
        }
    }

    /** All alerts that fired. */
    public long fired() {
        return alerts.stream().mapToLong(AlertRule::fired).sum();
    }

    /** Runs that became champion. */
    public long promoted() {
        return runs.stream().filter(Run::promoted).count();
    }

    /** Runs whose version was refused by the gate or a stage. */
    public long refused() {
        return runs.stream()
                .filter(run -> run.end().filter("REFUSED"::equals).isPresent())
                .count();
    }
}
