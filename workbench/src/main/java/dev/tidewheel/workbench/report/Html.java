package dev.tidewheel.workbench.report;

import java.util.List;

/** Small pieces of HTML. */
final class Html {
    private Html() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A table whose first column names the row. */
    static String table(String caption, List<String> head, List<List<String>> rows) {
        StringBuilder html =
                new StringBuilder("<table><caption>").append(escape(caption)).append("</caption>\n<thead><tr>");
        head.forEach(
                cell -> html.append("<th scope=\"col\">").append(escape(cell)).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr><th scope=\"row\">").append(escape(row.get(0))).append("</th>");
            row.stream()
                    .skip(1)
                    .forEach(cell -> html.append("<td>").append(escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        return html.append("</tbody></table>\n").toString();
    }

    /** A table that opens on demand, below the picture that shows the same. */
    static String folded(String summary, String content) {
        return "<details><summary>" + escape(summary) + "</summary>\n" + content + "</details>\n";
    }

    /** A number with its name. */
    static String figure(String value, String name) {
        return "<div class=\"figure\"><dd>" + escape(value) + "</dd><dt>" + escape(name) + "</dt></div>\n";
    }
}
