package dev.tidewheel.workbench.report;

import java.util.List;
import java.util.Locale;

/** Writes SVG elements; colours come from the page's style sheet by class, so that they follow light and dark. */
final class Svg {
    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;

    Svg(int width, int height) {
        this.width = width;
        this.height = height;
    }

    void line(double x1, double y1, double x2, double y2, String style) {
        body.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                style));
    }

    void circle(double x, double y, double radius, String style) {
        body.append(String.format(
                Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" class=\"%s\"/>%n", x, y, radius, style));
    }

    /** @param title shown by browsers when the pointer rests on it */
    void rectangle(double x, double y, double width, double height, String style, String title) {
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"><title>%s</title></rect>%n",
                x,
                y,
                width,
                height,
                style,
                Html.escape(title)));
    }

    /** @param anchor start, middle or end */
    void text(double x, double y, String anchor, String style, String text) {
        body.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                style,
                Html.escape(text)));
    }

    /** A line through points, each {x, y}. */
    void path(List<double[]> points, String style) {
        StringBuilder path = new StringBuilder();
        for (double[] point : points) {
            path.append(path.isEmpty() ? 'M' : 'L').append(String.format(Locale.ROOT, "%.1f %.1f", point[0], point[1]));
        }
        body.append(String.format(Locale.ROOT, "<path d=\"%s\" class=\"%s\"/>%n", path, style));
    }

    /** @param description what the picture shows, for those who cannot see it */
    String render(String description) {
        return String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n%s</svg>%n",
                width,
                height,
                Html.escape(description),
                body);
    }
}
