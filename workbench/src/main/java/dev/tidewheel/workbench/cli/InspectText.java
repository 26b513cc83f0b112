package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.drift.blocks.Rise;
import dev.tidewheel.drift.blocks.StartToEnd;
import dev.tidewheel.history.inspect.ColumnReport;
import dev.tidewheel.history.inspect.Finding;
import dev.tidewheel.history.inspect.SetReport;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A look at a training set as text, the columns that tell most about the label first, and as JSON. */
final class InspectText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private InspectText() {}

    static String of(SetReport report) {
        StringBuilder text = new StringBuilder();
        line(text, "%,d rows of %d days, digest %s", report.rows(), report.days(), report.digest());
        if (report.notCompared() == null) {
            line(text, "%,d rows asked again; +- is what chance may add to an AUC", report.sampled());
        } else {
            line(text, "no other world was asked: %s", report.notCompared());
        }
        line(text, "");
        line(
                text,
                "%-36s %6s %6s %6s %16s %16s %15s  %s",
                "column",
                "null",
                "AUC",
                "serving",
                "event time",
                "hindsight",
                "drift psi / ks",
                "");
        List<ColumnReport> ordered = report.columns().stream()
                .sorted(Comparator.comparingDouble(InspectText::weight).reversed())
                .toList();
        ordered.forEach(column -> line(
                text,
                "%-36s %5.1f%% %6s %6s %16s %16s %15s  %s",
                column.name(),
                100 * column.nullShare(),
                number(column.alone()),
                column.eventTime() == null ? "-" : number(column.eventTime().before()),
                rise(column.eventTime()),
                rise(column.hindsight()),
                drift(column.drift()),
                words(column)));
        line(text, "");
        ordered.stream().filter(ColumnReport::isSuspect).forEach(column -> line(text, "%s", sentence(column)));
        if (report.suspects().isEmpty()) {
            line(text, "no column is a suspect");
        }
        return text.toString().stripTrailing();
    }

    private static double weight(ColumnReport column) {
        return (column.isSuspect() ? 1 : 0) + (column.alone() == null ? 0 : column.alone());
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    private static String number(@Nullable Double value) {
        return value == null || value.isNaN() ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String rise(@Nullable Rise rise) {
        return rise == null ? "-" : number(rise.after()) + " +-" + number(rise.threshold());
    }

    private static String drift(@Nullable StartToEnd drift) {
        return drift == null ? "-" : number(drift.psi()) + " / " + number(drift.ks());
    }

    private static String words(ColumnReport column) {
        return column.findings().stream().map(InspectText::word).collect(Collectors.joining(", "));
    }

    private static String word(Finding finding) {
        return finding.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String sentence(ColumnReport column) {
        Rise own = column.own();
        return column.findings().contains(Finding.LEAKS) && own != null
                ? String.format(
                        Locale.ROOT,
                        "%s leaks: alone it has an AUC of %.4f here, and of %.4f with what serving could know;"
                                + " chance explains %.4f",
                        column.name(),
                        own.after(),
                        own.before(),
                        own.threshold())
                : String.format(
                        Locale.ROOT, "%s may be the label: alone it has an AUC of %.4f", column.name(), column.alone());
    }

    static String json(SetReport report) throws JsonProcessingException {
        ObjectNode json = JSON.createObjectNode();
        json.put("digest", report.digest()).put("rows", report.rows()).put("sampled", report.sampled());
        json.put("days", report.days()).put("quantile", report.quantile());
        json.put("notCompared", report.notCompared());
        report.suspects().forEach(json.putArray("suspects")::add);
        ArrayNode columns = json.putArray("columns");
        report.columns().forEach(column -> column(columns.addObject(), column));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    }

    private static void column(ObjectNode json, ColumnReport column) {
        json.put("name", column.name());
        json.put("nullShare", column.nullShare()).put("infiniteShare", column.infiniteShare());
        put(json, "auc", column.alone());
        put(json, "knownLaterShare", column.knownLaterShare());
        put(json, "own", column.own());
        put(json, "eventTime", column.eventTime());
        put(json, "hindsight", column.hindsight());
        StartToEnd drift = column.drift();
        if (drift != null) {
            ObjectNode of = json.putObject("drift");
            put(of, "psi", drift.psi());
            put(of, "psiThreshold", drift.psiThreshold());
            put(of, "ks", drift.ks());
            put(of, "ksThreshold", drift.ksThreshold());
        }
        ArrayNode findings = json.putArray("findings");
        column.findings().forEach(finding -> findings.add(word(finding)));
    }

    private static void put(ObjectNode json, String name, @Nullable Rise rise) {
        if (rise != null) {
            ObjectNode of = json.putObject(name);
            put(of, "serving", rise.before());
            put(of, "auc", rise.after());
            put(of, "chance", rise.threshold());
        }
    }

    /** What is undefined is left out: JSON has no word for it. */
    private static void put(ObjectNode json, String name, @Nullable Double value) {
        if (value != null && !value.isNaN()) {
            json.put(name, value);
        }
    }
}
