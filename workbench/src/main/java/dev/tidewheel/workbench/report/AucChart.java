package dev.tidewheel.workbench.report;

import dev.tidewheel.workbench.report.Report.Models;
import java.util.List;
import java.util.stream.DoubleStream;

/** Four areas under the curve on one axis: a dot each, so that the axis need not begin at zero. */
final class AucChart {
    private static final int WIDTH = 720;
    private static final int ROW = 34;
    private static final int LEFT = 250;
    private static final int RIGHT = 60;
    private static final int TOP = 10;

    private record Row(String name, double auc, String style) {}

    private AucChart() {}

    static String render(Models models) {
        List<Row> rows = List.of(
                new Row("Naive join, offline", models.naiveOffline(), "naive"),
                new Row("Point in time, offline", models.pointInTimeOffline(), "honest"),
                new Row("Trained naively, served honestly", models.naiveServed(), "naive"),
                new Row("Online, in this run", models.online(), "honest"));
        int bottom = TOP + ROW * rows.size();
        Scale x = scale(rows);
        Svg svg = new Svg(WIDTH, bottom + 30);
        for (double tick : x.ticks(6)) {
            svg.line(x.at(tick), TOP, x.at(tick), bottom, "grid");
            svg.text(x.at(tick), bottom + 20, "middle", "tick", String.format(java.util.Locale.ROOT, "%.2f", tick));
        }
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double y = TOP + ROW * (i + 0.5);
            svg.text(LEFT - 16, y + 5, "end", "label", row.name());
            svg.circle(x.at(row.auc()), y, 7, row.style());
            svg.text(x.at(row.auc()) + 14, y + 5, "start", "value", Figures.auc(row.auc()));
        }
        return svg.render("Areas under the ROC curve: " + describe(rows));
    }

    private static Scale scale(List<Row> rows) {
        DoubleStream values = rows.stream().mapToDouble(Row::auc);
        var range = values.summaryStatistics();
        double low = Math.floor((range.getMin() - 0.01) * 50) / 50;
        double high = Math.ceil((range.getMax() + 0.01) * 50) / 50;
        return new Scale(low, high, LEFT, WIDTH - RIGHT);
    }

    private static String describe(List<Row> rows) {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(text.isEmpty() ? "" : ", ")
                .append(row.name())
                .append(' ')
                .append(Figures.auc(row.auc())));
        return text.toString();
    }
}
