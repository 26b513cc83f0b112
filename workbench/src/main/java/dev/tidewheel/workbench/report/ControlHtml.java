package dev.tidewheel.workbench.report;

import dev.tidewheel.workbench.report.ControlReport.Losses;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What monitoring and lifecycle did, as a section of the page. */
final class ControlHtml {
    private ControlHtml() {}

    static String render(ControlReport control) {
        StringBuilder html = new StringBuilder("<section><h2>The loop</h2>\n<p>" + summary(control) + "</p>\n");
        boolean hasLosses =
                control.losses().stream().anyMatch(version -> !version.days().isEmpty());
        if (hasLosses) {
            html.append("<figure>").append(LossChart.render(control)).append("</figure>\n");
            html.append(Html.folded("As a table", wide(losses(control))));
        }
        control.promotions()
                .forEach(promotion -> html.append("<p>")
                        .append(Html.escape("Log loss of " + ControlText.sentence(promotion, control.first())))
                        .append(".</p>\n"));
        html.append(wide(runs(control)));
        control.runs().stream()
                .filter(run -> !run.why().isEmpty())
                .forEach(run -> html.append("<p>")
                        .append(Html.escape(run.version() + ": " + run.why()))
                        .append(".</p>\n"));
        html.append("</section>\n<section><h2>What was watched</h2>\n");
        html.append(wide(windows(control))).append(wide(alerts(control)));
        return html.append("</section>\n").toString();
    }

    private static String summary(ControlReport control) {
        return Html.escape(Figures.count(control.fired()) + " alerts, "
                + control.runs().size() + " trainings, "
                + control.promoted() + " promoted, " + control.refused() + " refused, by "
                + Figures.count(control.decisions()) + " decisions, each of which follows from its own numbers. The "
                + "lines are daily log losses: strong what callers got, thin every challenger, dashed version "
                + control.first() + ", as if nobody had ever retrained it.");
    }

    private static String runs(ControlReport control) {
        return Html.table(
                "Trainings",
                List.of("Version", "Started", "By", "End"),
                control.runs().stream()
                        .map(run -> List.of(
                                run.version(),
                                Figures.moment(run.started()),
                                Figures.trigger(run.trigger()),
                                run.end()
                                        .map(end -> end.toLowerCase(Locale.ROOT))
                                        .orElse("under way")))
                        .toList());
    }

    private static String windows(ControlReport control) {
        return Html.table(
                "Windows",
                List.of("Monitor", "Versions", "Windows", "Rows", "Settled", "Revised by labels"),
                control.windows().stream()
                        .map(watched -> List.of(
                                watched.monitor(),
                                Figures.count(watched.versions()),
                                Figures.count(watched.windows()),
                                Figures.count(watched.rows()),
                                Figures.count(watched.settled()),
                                Figures.count(watched.revised())))
                        .toList());
    }

    private static String alerts(ControlReport control) {
        return Html.table(
                "Alerts",
                List.of("Monitor and rule", "Severity", "Fired", "Withdrawn", "Windows that began on"),
                control.alerts().stream()
                        .map(rule -> List.of(
                                rule.monitor() + " " + rule.rule(),
                                rule.severity().toLowerCase(Locale.ROOT),
                                Figures.count(rule.fired()),
                                Figures.count(rule.withdrawn()),
                                rule.windows().stream().map(LocalDate::toString).collect(Collectors.joining(", "))))
                        .toList());
    }

    private static String losses(ControlReport control) {
        List<String> head = new ArrayList<>(List.of("Day"));
        Set<LocalDate> days = new TreeSet<>();
        List<Map<LocalDate, Double>> columns = new ArrayList<>();
        for (Losses version : control.losses()) {
            head.add(version.version());
            Map<LocalDate, Double> column = new TreeMap<>();
            version.days().forEach(day -> column.put(day.date(), day.logLoss()));
            days.addAll(column.keySet());
            columns.add(column);
        }
        List<List<String>> rows = new ArrayList<>();
        for (LocalDate day : days) {
            List<String> row = new ArrayList<>(List.of(day.toString()));
            columns.forEach(column -> row.add(column.containsKey(day) ? Figures.loss(column.get(day)) : ""));
            rows.add(row);
        }
        return Html.table("Mean log loss per day", head, rows);
    }

    private static String wide(String table) {
        return "<div class=\"wide\">" + table + "</div>\n";
    }
}
