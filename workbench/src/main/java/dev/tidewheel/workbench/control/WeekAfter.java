package dev.tidewheel.workbench.control;

import dev.tidewheel.workbench.report.ControlReport.Day;
import dev.tidewheel.workbench.report.ControlReport.Losses;
import dev.tidewheel.workbench.report.ControlReport.Promotion;
import dev.tidewheel.workbench.report.ControlReport.Span;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether promotions were good: the seven whole days after each, for all that could have served. Pure. */
public final class WeekAfter {
    private static final int DAYS = 7;

    private WeekAfter() {}

    /**
     * Every version's first time as champion with at least one whole day after it. Who comes back by a rollback is not
     * promoted.
     *
     * @param serving the champions, in order
     * @param losses of all versions on the same rows
     */
    public static List<Promotion> of(List<Span> serving, List<Losses> losses) {
        Map<String, Map<LocalDate, Day>> byVersion = new HashMap<>();
        losses.forEach(version -> version.days()
                .forEach(day -> byVersion
                        .computeIfAbsent(version.version(), unseen -> new HashMap<>())
                        .put(day.date(), day)));
        List<Promotion> promotions = new ArrayList<>();
        Set<String> before = new HashSet<>();
        for (int i = 0; i < serving.size(); i++) {
            if (!before.add(serving.get(i).version()) || i == 0) {
                continue;
            }
            of(serving.get(0).version(), serving.get(i - 1).version(), serving.get(i), byVersion)
                    .ifPresent(promotions::add);
        }
        return promotions;
    }

    private static Optional<Promotion> of(
            String first, String former, Span promoted, Map<String, Map<LocalDate, Day>> losses) {
        Map<LocalDate, Day> mine = losses.getOrDefault(promoted.version(), Map.of());
        Map<LocalDate, Day> formers = losses.getOrDefault(former, Map.of());
        Map<LocalDate, Day> firsts = losses.getOrDefault(first, Map.of());
        LocalDate begin = firstWholeDay(promoted.from());
        List<LocalDate> days = begin.datesUntil(begin.plusDays(DAYS))
                .filter(day -> mine.containsKey(day) && formers.containsKey(day) && firsts.containsKey(day))
                .toList();
        return days.isEmpty()
                ? Optional.empty()
                : Optional.of(new Promotion(
                        promoted.version(),
                        former,
                        promoted.from(),
                        days.size(),
                        rows(mine, days),
                        mean(mine, days),
                        mean(formers, days),
                        mean(firsts, days)));
    }

    private static LocalDate firstWholeDay(Instant after) {
        LocalDate day = LocalDate.ofInstant(after, ZoneOffset.UTC);
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().equals(after) ? day : day.plusDays(1);
    }

    private static long rows(Map<LocalDate, Day> losses, List<LocalDate> days) {
        return days.stream().mapToLong(day -> of(losses, day).rows()).sum();
    }

    private static double mean(Map<LocalDate, Day> losses, List<LocalDate> days) {
        double sum = days.stream()
                .mapToDouble(day -> of(losses, day).logLoss() * of(losses, day).rows())
                .sum();
        return sum / rows(losses, days);
    }

    private static Day of(Map<LocalDate, Day> losses, LocalDate day) {
        Day found = losses.get(day);
        if (found == null) {
            throw new IllegalStateException("no losses on " + day);
        }
        return found;
    }
}
