package dev.tidewheel.history.profile;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A backtest as lines of Markdown, which people can read as they are. */
public final class BacktestTable {
    /** More windows than these are not named, but counted. */
    private static final int NAMED = 12;

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private BacktestTable() {}

    /** Two lines of heading, then one per rule. */
    public static List<String> lines(List<BacktestRule> rules) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| feature | measure | fixed | fires on reference | fires later | calibrated | fires later | windows |");
        lines.add("|---|---|---|---|---|---|---|---|");
        rules.forEach(rule -> lines.add(line(rule)));
        return lines;
    }

    private static String line(BacktestRule rule) {
        boolean hasFixed = !Double.isNaN(rule.fixed());
        List<Long> fires = rule.calibratedFires();
        return "| " + rule.feature() + " | " + rule.measure().key() + " "
                + rule.thresholds().direction().name().toLowerCase(Locale.ROOT) + " | "
                + (hasFixed ? number(rule.fixed()) : "–") + " | "
                + (hasFixed ? share(rule.fixedFiresOnReference(), rule.own().size()) : "–") + " | "
                + (hasFixed ? share(rule.fixedFires(), rule.values().size()) : "–") + " | "
                + number(rule.thresholds().pooled()) + " | "
                + share(fires, rule.values().size()) + " | "
                + windows(fires) + " |";
    }

    private static String windows(List<Long> starts) {
        return starts.stream().limit(NAMED).map(BacktestTable::window).collect(Collectors.joining(", "))
                + (starts.size() > NAMED ? " and " + (starts.size() - NAMED) + " more" : "");
    }

    private static String window(long start) {
        Instant instant = Instant.ofEpochMilli(start);
        return (instant.atOffset(ZoneOffset.UTC).toLocalTime().toSecondOfDay() == 0 ? DAY : HOUR).format(instant);
    }

    private static String share(List<Long> fires, int of) {
        return fires.size() + " of " + of;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.4f", value);
    }
}
