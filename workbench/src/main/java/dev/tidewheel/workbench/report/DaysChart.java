package dev.tidewheel.workbench.report;

import dev.tidewheel.workbench.report.Report.Day;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The story day by day: how many flights were late, and how many the model expected. */
final class DaysChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 260;
    private static final int LEFT = 50;
    private static final int RIGHT = 90;
    private static final int TOP = 12;
    private static final int BOTTOM = 226;
    private static final int MOST_DATES = 8;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private DaysChart() {}

    static String render(List<Day> days) {
        Svg svg = new Svg(WIDTH, HEIGHT);
        Scale x = new Scale(0, Math.max(1, days.size() - 1), LEFT, WIDTH - RIGHT);
        Scale y = new Scale(0, top(days), BOTTOM, TOP);
        for (double tick : y.ticks(5)) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), "grid");
            svg.text(LEFT - 8, y.at(tick) + 4, "end", "tick", Math.round(100 * tick) + " %");
        }
        int every = Math.max(1, (days.size() + MOST_DATES - 1) / MOST_DATES);
        for (int i = 0; i < days.size(); i += every) {
            svg.text(
                    x.at(i),
                    BOTTOM + 22,
                    "middle",
                    "tick",
                    DATE.format(days.get(i).date()));
        }
        line(svg, days, x, y, Day::lateShare, "actual", "late");
        line(svg, days, x, y, Day::predicted, "predicted", "predicted");
        return svg.render("Share of flights more than 15 minutes late per day, and the mean prediction, for "
                + days.size() + " days. The table below has the numbers.");
    }

    private static void line(
            Svg svg, List<Day> days, Scale x, Scale y, ToDoubleFunction<Day> value, String style, String name) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < days.size(); i++) {
            points.add(new double[] {x.at(i), y.at(value.applyAsDouble(days.get(i)))});
        }
        svg.path(points, "line " + style);
        double[] last = points.get(points.size() - 1);
        svg.circle(last[0], last[1], 3.5, style);
        svg.text(last[0] + 9, last[1] + (style.equals("predicted") ? 12 : 0), "start", "label " + style, name);
    }

    private static double top(List<Day> days) {
        double most = days.stream()
                .mapToDouble(day -> Math.max(day.lateShare(), day.predicted()))
                .max()
                .orElse(0);
        return Math.max(0.1, Math.ceil(most * 10) / 10);
    }
}
