package dev.tidewheel.workbench.report;

import dev.tidewheel.workbench.report.Report.Models;
import dev.tidewheel.workbench.report.Report.Parity;
import dev.tidewheel.workbench.report.Report.Percentiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** {@code report.html}: one file that fetches nothing, readable in light and dark, and without seeing its pictures. */
public final class ReportHtml {
    private static final String TEMPLATE = "report.html";

    private ReportHtml() {}

    public static String render(Report report) {
        return template()
                .replace("{{run}}", Html.escape(report.run()))
                .replace("{{verdict}}", verdict(report))
                .replace("{{story}}", story(report))
                .replace("{{figures}}", figures(report))
                .replace("{{models}}", report.models().map(ReportHtml::models).orElse(""))
                .replace(
                        "{{control}}", report.control().map(ControlHtml::render).orElse(""))
                .replace("{{days}}", days(report.days()))
                .replace("{{parity}}", report.parity().map(ReportHtml::parity).orElse(""))
                .replace("{{books}}", books(report))
                .replace("{{speed}}", speed(report))
                .replace("{{machine}}", machine(report.machine()));
    }

    private static String verdict(Report report) {
        return report.sound()
                ? "<p class=\"verdict good\">All books balance, and every served value is explained.</p>"
                : "<p class=\"verdict bad\">Not sound: books do not balance, or served values are unexplained.</p>";
    }

    private static String story(Report report) {
        Report.Story story = report.story();
        String stopped = report.outcome() == Report.Outcome.COMPLETE ? "" : " The run was stopped early.";
        return "<p>From " + Figures.moment(story.from()) + " to " + Figures.moment(story.reached())
                + ", in lock-step ticks of " + story.tickSeconds() + " s." + stopped + "</p>";
    }

    private static String figures(Report report) {
        StringBuilder html = new StringBuilder("<dl class=\"figures\">\n");
        html.append(Html.figure(Figures.count(report.events().sent()), "events in"));
        html.append(Html.figure(Figures.count(report.serving().requests()), "requests scored"));
        html.append(Html.figure(Figures.millis(report.serving().latency().p99()), "latency, p99"));
        html.append(Html.figure(Figures.millis(report.events().freshness().p99()), "freshness, p99"));
        report.parity()
                .ifPresent(
                        parity -> html.append(Html.figure(Figures.count(parity.unexplained()), "values unexplained")));
        report.models().ifPresent(models -> html.append(Html.figure(Figures.auc(models.online()), "AUC online")));
        return html.append("</dl>\n").toString();
    }

    private static String models(Models models) {
        String table = Html.table(
                "Area under the ROC curve",
                List.of("Trained and asked how", "AUC"),
                List.of(
                        List.of("Naive join, offline", Figures.auc(models.naiveOffline())),
                        List.of("Point in time, offline", Figures.auc(models.pointInTimeOffline())),
                        List.of("Trained naively, served honestly", Figures.auc(models.naiveServed())),
                        List.of("Online, in this run", Figures.auc(models.online()))));
        String beyond = models.beyond().map(ReportHtml::beyond).orElse("");
        return "<section><h2>What a leak is worth</h2>\n<p>The naive join looks up delays by departure time, and so "
                + "knows them before the landing. It would have flattered the model by <strong>"
                + Figures.auc(models.flattery()) + "</strong>; served honestly, the same model scores "
                + Figures.auc(models.naiveServed()) + ". All on the same " + Figures.count(models.scored())
                + " flights; trained on " + Figures.count(models.trainingRows()) + " flights from "
                + Figures.moment(models.trainedFrom()) + " to " + Figures.moment(models.trainedTo()) + ".</p>\n"
                + "<figure>" + AucChart.render(models) + "</figure>\n" + Html.folded("As a table", table)
                + beyond + "</section>\n";
    }

    private static String beyond(Report.Beyond beyond) {
        return "<p>On all " + Figures.count(beyond.flights()) + " flights from " + Figures.moment(beyond.from())
                + " to "
                + Figures.moment(beyond.to()) + ", played or not: naive join " + Figures.auc(beyond.naive())
                + ", point in time " + Figures.auc(beyond.pointInTime()) + ", trained naively and served honestly "
                + Figures.auc(beyond.naiveServed()) + ".</p>\n";
    }

    private static String days(List<Report.Day> days) {
        if (days.isEmpty()) {
            return "";
        }
        String table = Html.table(
                "Day by day",
                List.of("Day", "Flights", "Late", "Predicted"),
                days.stream()
                        .map(day -> List.of(
                                day.date().toString(),
                                Figures.count(day.scored()),
                                Figures.percent(day.lateShare()),
                                Figures.percent(day.predicted())))
                        .toList());
        return "<section><h2>Day by day</h2>\n<p>How many flights landed more than 15 minutes late, and how many the "
                + "served model expected to, at their departure.</p>\n<figure>" + DaysChart.render(days)
                + "</figure>\n" + Html.folded("As a table", table) + "</section>\n";
    }

    private static String parity(Parity parity) {
        return "<section><h2>Online equals offline</h2>\n<p>Every served value was computed again, naively, from the raw "
                + "events in its cut.</p>\n"
                + Html.table(
                        "Parity",
                        List.of("Measure", "Count"),
                        List.of(
                                List.of("Vectors compared", Figures.count(parity.vectors())),
                                List.of("Values compared", Figures.count(parity.values())),
                                List.of("Unexplained", Figures.count(parity.unexplained())),
                                List.of("Pending", Figures.count(parity.pending())),
                                List.of("Rows never served", Figures.count(parity.unserved())),
                                List.of("Reads of keys not known yet", Figures.count(parity.absent())),
                                List.of("Reads without freed changes", Figures.count(parity.freed())),
                                List.of(
                                        "Vectors that miss a change known for more than " + parity.boundSeconds()
                                                + " s",
                                        Figures.count(parity.untimely()))))
                + "</section>\n";
    }

    private static String books(Report report) {
        return Html.table(
                "Books",
                List.of("Rule", "Left", "Right", ""),
                report.books().stream()
                        .map(entry -> List.of(
                                entry.rule(),
                                Figures.count(entry.left()),
                                Figures.count(entry.right()),
                                entry.balanced() ? "✓ equal" : "✗ differ"))
                        .toList());
    }

    private static String speed(Report report) {
        String percentiles = Html.table(
                "Percentiles",
                List.of("What", "Count", "p50", "p90", "p99", "p99.9", "max"),
                List.of(
                        row("Latency, as the caller saw it", report.serving().latency()),
                        row(
                                "Freshness, event sent to feature stored",
                                report.events().freshness())));
        String phases = Html.table(
                "Phases",
                List.of("Phase", "Time"),
                report.phases().stream()
                        .map(phase -> List.of(phase.name(), Figures.seconds(phase.seconds())))
                        .toList());
        return percentiles + phases;
    }

    private static List<String> row(String name, Percentiles of) {
        return List.of(
                name,
                Figures.count(of.count()),
                Figures.millis(of.p50()),
                Figures.millis(of.p90()),
                Figures.millis(of.p99()),
                Figures.millis(of.p999()),
                Figures.millis(of.max()));
    }

    private static String machine(Report.Machine machine) {
        return Html.escape(machine.cores() + " cores, Java " + machine.java() + ", " + machine.system());
    }

    private static String template() {
        try (InputStream in = Objects.requireNonNull(ReportHtml.class.getResourceAsStream(TEMPLATE), TEMPLATE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
