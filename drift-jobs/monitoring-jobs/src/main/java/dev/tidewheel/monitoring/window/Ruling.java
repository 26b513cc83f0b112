package dev.tidewheel.monitoring.window;

import dev.tidewheel.definitions.Monitor;
import dev.tidewheel.definitions.Threshold;
import dev.tidewheel.drift.measure.Direction;
import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.profile.PerformanceReference;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.verdict.Calibration;
import dev.tidewheel.drift.verdict.Level;
import dev.tidewheel.drift.verdict.MinimumRows;
import dev.tidewheel.drift.verdict.Persistence;
import dev.tidewheel.drift.verdict.Thresholds;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One rule for one cell: its threshold against the version's profile, and how many rows a window needs.
 *
 * <p>Calibrated thresholds speak of the whole, as the profile's windows do: in other segments they judge nothing.
 * Immutable.
 *
 * @param rule the rule
 * @param measure what it measures
 * @param calibrated thresholds by window; null where the threshold is fixed
 * @param fixed the level of a fixed threshold; null where it is calibrated
 * @param minRows windows with fewer rows are not judged
 */
record Ruling(
        Monitor.Rule rule,
        Measure measure,
        @Nullable Thresholds calibrated,
        @Nullable Level fixed,
        long minRows) {
    /** In how many windows noise alone may come to a threshold. */
    private static final double FALSE_ALARM = 0.01;
    /** Below it, a share or a mean says nothing, and of latencies there is no hundredth. */
    private static final long FEW = 100;
    /** Of the rows that the reference's windows have on average. */
    private static final int PART = 2;

    private static final Level NO_LEVEL = new Level(Direction.ABOVE, Double.NaN, Double.NaN);

    /** Whether a rule is about a cell. */
    static boolean concerns(Monitor.Rule rule, Cell cell) {
        String feature = cell.feature();
        return switch (rule.measure().family()) {
            case HEALTH -> feature.equals(Cell.HEALTH);
            case PERFORMANCE -> feature.equals(Cell.PERFORMANCE);
            case DISTANCE, COLUMN ->
                rule.of().isEmpty() ? !feature.startsWith("@") : rule.of().contains(feature);
        };
    }

    static Ruling of(Monitor monitor, Monitor.Rule rule, Cell cell, Optional<Profile> profile) {
        Measure measure = Measure.named(rule.measure().word()).orElseThrow();
        Direction direction = rule.direction() == Monitor.Direction.ABOVE ? Direction.ABOVE : Direction.BELOW;
        if (rule.threshold() instanceof Threshold.Calibrated quantile) {
            return calibrated(monitor, rule, measure, direction, quantile.quantile(), cell, profile);
        }
        Level level = level(rule, measure, direction, profile);
        return new Ruling(
                rule,
                measure,
                null,
                level,
                monitor.minRows().orElse(needed(measure, level.enter(), cells(cell, profile))));
    }

    private static Level level(Monitor.Rule rule, Measure measure, Direction direction, Optional<Profile> profile) {
        if (rule.threshold() instanceof Threshold.Baseline baseline) {
            double normal = profile.flatMap(Profile::performance)
                    .map(PerformanceReference::total)
                    .map(measure::of)
                    .orElse(Double.NaN);
            return Level.of(direction, baseline.of(normal, rule.direction()), normal, rule.leave());
        }
        double enter = ((Threshold.Fixed) rule.threshold()).value();
        return new Level(direction, enter, rule.leaveLevel(enter));
    }

    private static Ruling calibrated(
            Monitor monitor,
            Monitor.Rule rule,
            Measure measure,
            Direction direction,
            double quantile,
            Cell cell,
            Optional<Profile> profile) {
        boolean known = profile.isPresent()
                && cell.segment().equals(Cell.ALL)
                && profile.get().windowMillis() == monitor.window().toMillis()
                && (!rule.measure().ofColumns()
                        || profile.get().feature(cell.feature()).isPresent());
        if (!known) {
            return new Ruling(rule, measure, null, NO_LEVEL, 0);
        }
        Profile reference = profile.get();
        long learnFrom = monitor.minRows().orElse(FEW);
        Thresholds thresholds = new Calibration(reference, learnFrom).of(cell.feature(), measure, direction, quantile);
        long theory = needed(measure, thresholds.pooled(), cells(cell, profile));
        // The windows that it was calibrated on have their noise in the threshold already.
        long usual = reference.wholeWindows().values().stream()
                        .mapToLong(Long::longValue)
                        .sum()
                / Math.max(1, reference.wholeWindows().size());
        return new Ruling(
                rule, measure, thresholds, null, monitor.minRows().orElse(Math.min(theory, Math.max(1, usual / PART))));
    }

    private static int cells(Cell cell, Optional<Profile> profile) {
        return profile.flatMap(reference -> reference.feature(cell.feature()))
                .map(feature -> feature.edges().bins() + 1)
                .orElse(2);
    }

    private static long needed(Measure measure, double threshold, int cells) {
        boolean distance = measure.family() == Measure.Family.DISTANCE;
        if (distance && !(threshold > 0)) {
            return FEW;
        }
        return switch (measure) {
            case PSI -> MinimumRows.forPsi(threshold, cells, FALSE_ALARM);
            case JS -> MinimumRows.forJensenShannon(threshold, cells, FALSE_ALARM);
            case KS -> MinimumRows.forKolmogorovSmirnov(threshold, FALSE_ALARM);
            case ROWS -> 0;
            default -> FEW;
        };
    }

    /** Where the alarm begins and ends for a window. */
    Level level(long windowStart) {
        Thresholds thresholds = calibrated;
        if (thresholds != null) {
            return thresholds.level(windowStart, rule.leave());
        }
        Level level = fixed;
        return level == null ? NO_LEVEL : level;
    }

    Persistence persistence() {
        return new Persistence(rule.k(), rule.n(), rule.cooldown().toMillis());
    }
}
