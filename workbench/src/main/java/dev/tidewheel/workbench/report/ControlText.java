package dev.tidewheel.workbench.report;

import dev.tidewheel.workbench.report.ControlReport.AlertRule;
import dev.tidewheel.workbench.report.ControlReport.Day;
import dev.tidewheel.workbench.report.ControlReport.Losses;
import dev.tidewheel.workbench.report.ControlReport.Promotion;
import dev.tidewheel.workbench.report.ControlReport.Run;
import dev.tidewheel.workbench.report.ControlReport.Span;
import dev.tidewheel.workbench.report.ControlReport.Watched;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What monitoring and lifecycle did, in lines of text. */
final class ControlText {
    private static final int WIDTH = 100;
    private static final String INDENT = "           ";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private final List<String> lines = new ArrayList<>();

    private ControlText() {}

    static List<String> lines(ControlReport control) {
        ControlText text = new ControlText();
        text.monitoring(control);
        text.runs(control);
        text.serving(control);
        text.losses(control.losses());
        control.promotions().forEach(promotion -> text.wrapped(INDENT, sentence(promotion, control.first())));
        text.lines.add("");
        return text.lines;
    }

    /** Whichever way it went. */
    static String sentence(Promotion promotion, String first) {
        String text = promotion.version() + " in the " + promotion.days() + " days after its promotion: "
                + Figures.loss(promotion.promoted()) + " against " + Figures.loss(promotion.formerChampion()) + " of "
                + promotion.former();
        return promotion.former().equals(first)
                ? text + ", never retrained, whose place it took: " + verdict(promotion.betterThanFormer())
                : text + ", whose place it took: " + verdict(promotion.betterThanFormer()) + "; against "
                        + Figures.loss(promotion.neverRetrained()) + " of " + first + ", never retrained: "
                        + verdict(promotion.betterThanFirst());
    }

    private void monitoring(ControlReport control) {
        for (Watched watched : control.windows()) {
            wrapped(
                    "Monitor    ",
                    watched.monitor() + ": " + Figures.count(watched.rows()) + " rows in "
                            + Figures.count(watched.windows())
                            + " windows of " + watched.versions() + " versions, " + Figures.count(watched.settled())
                            + " settled, " + Figures.count(watched.revised()) + " revised by labels");
        }
        if (control.alerts().isEmpty()) {
            lines.add("Alerts     none");
        }
        for (AlertRule rule : control.alerts()) {
            wrapped(
                    "Alerts     ",
                    rule.monitor() + " " + rule.rule() + " (" + rule.severity().toLowerCase(Locale.ROOT) + "): "
                            + Figures.count(rule.fired()) + " fired, " + Figures.count(rule.withdrawn())
                            + " withdrawn; windows of " + days(rule.windows()));
        }
    }

    private void runs(ControlReport control) {
        lines.add("Trainings  " + control.runs().size() + " started, " + control.promoted() + " promoted, "
                + control.refused() + " refused, by " + Figures.count(control.decisions()) + " decisions");
        lines.add("Standstill " + ReportText.percentiles(control.standstill()) + "  (control ticks and trainings)");
        for (Run run : control.runs()) {
            wrapped(
                    INDENT,
                    run.version() + ", started " + Figures.moment(run.started()) + " by "
                            + Figures.trigger(run.trigger()) + ": "
                            + run.end().map(end -> end.toLowerCase(Locale.ROOT)).orElse("under way")
                            + (run.why().isEmpty() ? "" : ": " + run.why()));
        }
    }

    private void serving(ControlReport control) {
        for (Span span : control.serving()) {
            lines.add("Champion   " + span.version() + " from " + Figures.moment(span.from()) + " to "
                    + Figures.moment(span.to()));
        }
    }

    private void losses(List<Losses> losses) {
        for (Losses version : losses) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Log loss   %s  %s, mean of %d days",
                    Figures.loss(mean(version)),
                    version.version().equals(ControlReport.SERVED) ? "as served" : "version " + version.version(),
                    version.days().size()));
        }
    }

    /** Of rows, not of days. */
    static double mean(Losses losses) {
        double sum = losses.days().stream()
                .mapToDouble(day -> day.logLoss() * day.rows())
                .sum();
        return sum / losses.days().stream().mapToLong(Day::rows).sum();
    }

    private static String days(List<LocalDate> windows) {
        return windows.isEmpty() ? "no day" : windows.stream().map(DAY::format).collect(Collectors.joining(", "));
    }

    private static String verdict(boolean better) {
        return better ? "better" : "not better";
    }

    private void wrapped(String head, String text) {
        StringBuilder line = new StringBuilder(head);
        boolean empty = true;
        for (String word : text.split(" ")) {
            if (!empty && line.length() + word.length() + 1 > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(INDENT).append("  ");
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        lines.add(line.toString());
    }
}
