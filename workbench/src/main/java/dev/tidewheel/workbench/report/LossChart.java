package dev.tidewheel.workbench.report;

import dev.tidewheel.workbench.report.ControlReport.Day;
import dev.tidewheel.workbench.report.ControlReport.Losses;
import dev.tidewheel.workbench.report.ControlReport.Span;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The time line: how much each version lost on each day, and below it which version was champion and which on trial. A
 * challenger's line is thin, that of what callers got is strong, that of the first version dashed.
 */
final class LossChart {
    private static final int WIDTH = 720;
    private static final int LEFT = 50;
    private static final int RIGHT = 110;
    private static final int TOP = 12;
    private static final int BOTTOM = 250;
    private static final int BAND = 18;
    private static final int MOST_DATES = 8;
    private static final double SECONDS_PER_DAY = 86_400;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private final ControlReport control;
    private final Scale x;
    private final Scale y;
    private final Svg svg;

    private LossChart(ControlReport control, List<LocalDate> days) {
        this.control = control;
        LocalDate first = days.get(0);
        LocalDate end = days.get(days.size() - 1).plusDays(1);
        this.x = new Scale(first.toEpochDay(), end.toEpochDay(), LEFT, WIDTH - RIGHT);
        this.y = vertical(control.losses());
        this.svg = new Svg(WIDTH, BOTTOM + 40 + 2 * BAND);
    }

    /** @param control with losses of at least one day */
    static String render(ControlReport control) {
        List<LocalDate> days = control.losses().stream()
                .flatMap(version -> version.days().stream())
                .map(Day::date)
                .distinct()
                .sorted()
                .toList();
        LossChart chart = new LossChart(control, days);
        chart.axes(days);
        chart.lines();
        chart.bands();
        return chart.svg.render("Mean log loss per day of what was served, of version " + control.first()
                + ", which was never retrained, and of every challenger, over " + days.size()
                + " days; below, which version was champion, and which was on trial. The table has the numbers.");
    }

    private void axes(List<LocalDate> days) {
        for (double tick : y.ticks(5)) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), "grid");
            svg.text(LEFT - 8, y.at(tick) + 4, "end", "tick", String.format(Locale.ROOT, "%.2f", tick));
        }
        int every = Math.max(1, (days.size() + MOST_DATES - 1) / MOST_DATES);
        for (int i = 0; i < days.size(); i += every) {
            svg.text(middle(days.get(i)), BOTTOM + 20, "middle", "tick", DATE.format(days.get(i)));
        }
    }

    private void lines() {
        for (Losses version : control.losses()) {
            if (!version.version().equals(ControlReport.SERVED)
                    && !version.days().isEmpty()) {
                line(version, version.version().equals(control.first()) ? "first" : "challenger");
            }
        }
        // Last, so that it lies above the others.
        control.losses().stream()
                .filter(version -> version.version().equals(ControlReport.SERVED))
                .filter(version -> !version.days().isEmpty())
                .forEach(version -> line(version, "served"));
    }

    private void line(Losses version, String style) {
        List<double[]> points = new ArrayList<>();
        version.days().forEach(day -> points.add(new double[] {middle(day.date()), y.at(day.logLoss())}));
        svg.path(points, "line " + style);
        if (!style.equals("challenger")) {
            double[] last = points.get(points.size() - 1);
            svg.circle(last[0], last[1], 3.5, style);
            svg.text(
                    last[0] + 9,
                    last[1] + (style.equals("first") ? 12 : 0),
                    "start",
                    "label " + style,
                    style.equals("first") ? "never retrained" : "as served");
        }
    }

    private void bands() {
        int top = BOTTOM + 30;
        control.serving().forEach(span -> band(span, top, "champion"));
        control.trials().forEach(span -> band(span, top + BAND, "trial"));
        svg.text(WIDTH - RIGHT + 9, top + BAND - 5, "start", "tick", "champion");
        svg.text(WIDTH - RIGHT + 9, top + 2 * BAND - 5, "start", "tick", "on trial");
    }

    private void band(Span span, int top, String style) {
        double from = Math.max(LEFT, x.at(days(span.from())));
        double to = Math.min(WIDTH - RIGHT, x.at(days(span.to())));
        if (to > from) {
            svg.rectangle(from, top, to - from, BAND - 3, style, span.version() + ", " + span.role());
            if (style.equals("champion") && to - from > 8 * span.version().length()) {
                svg.text((from + to) / 2, top + BAND - 7, "middle", "onband", span.version());
            }
        }
    }

    private double middle(LocalDate date) {
        return x.at(date.toEpochDay() + 0.5);
    }

    private static double days(Instant instant) {
        return instant.getEpochSecond() / SECONDS_PER_DAY;
    }

    private static Scale vertical(List<Losses> losses) {
        var range = losses.stream()
                .flatMap(version -> version.days().stream())
                .flatMapToDouble(day -> DoubleStream.of(day.logLoss()))
                .summaryStatistics();
        double low = Math.floor(range.getMin() * 20) / 20;
        double high = Math.ceil(range.getMax() * 20) / 20;
        return new Scale(low, Math.max(high, low + 0.05), BOTTOM, TOP);
    }
}
