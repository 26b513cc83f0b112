package dev.tidewheel.lifecycle.fold;

import java.time.Duration;
import java.util.Locale;

/** Figures in sentences, the same wherever the process runs. */
final class Say {
    private Say() {}

    static String of(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** {@code 10,482 rows}. */
    static String rows(long rows) {
        return of("%,d %s", rows, rows == 1 ? "row" : "rows");
    }

    /** {@code 1.25 %}. */
    static String percent(double share) {
        return of("%.2f %%", share * 100);
    }

    /** {@code 28 days}, or as ISO-8601 writes it where it is no whole number of days. */
    static String days(Duration duration) {
        return duration.toDaysPart() > 0 && duration.equals(Duration.ofDays(duration.toDaysPart()))
                ? of("%,d %s", duration.toDaysPart(), duration.toDaysPart() == 1 ? "day" : "days")
                : duration.toString();
    }

    static String loss(double loss) {
        return of("%.4f", loss);
    }
}
