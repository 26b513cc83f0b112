package dev.tidewheel.drift.verdict;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.measure.Direction;
import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.performance.PerformanceValues;
import dev.tidewheel.drift.profile.FeatureProfile;
import dev.tidewheel.drift.profile.PerformanceReference;
import dev.tidewheel.drift.profile.Profile;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Learns from the reference itself how far a normal window is from it: each of its windows is left out in turn and
 * compared with the rest, and the threshold is an upper quantile of what that gives. A threshold from the reference's own
 * days knows that days differ, which a fixed one does not.
 *
 * <p>Only windows that lie wholly in the reference, with enough rows, take part, and at least two of them. Windows are
 * pooled; an hour of the week that has at least {@value #SLOT_WINDOWS} gets a threshold of its own. The quantile is the
 * conservative one: the smallest deviation that at least that share does not exceed, counted among n − 1 gaps as NumPy's
 * {@code higher}; of 24 windows the 99 % quantile is the greatest.
 *
 * <p>Distances: the threshold is the quantile of distance(rest, window). All other measures: it is the whole reference's
 * value, moved in the bad direction by the quantile of the windows' deviations from their rests. Immutable and
 * thread-safe.
 */
public final class Calibration {
    /** From how many windows on an hour of the week is judged by its own. */
    public static final int SLOT_WINDOWS = 8;

    private final Profile profile;
    private final long minRows;

    /** @param minRows windows of the reference with fewer rows are not learnt from, as later ones are not judged */
    public Calibration(Profile profile, long minRows) {
        this.profile = Objects.requireNonNull(profile, "profile");
        this.minRows = minRows;
    }

    /**
     * The thresholds of one rule for one feature.
     *
     * @param of a feature, {@link Profile#PREDICTION} or {@link Profile#LABEL}; not looked at for measures of serving and
     *     performance
     * @param quantile between 0 and 1
     * @return without a threshold where the reference cannot tell: latencies, errors, performance without predictions
     * @throws IllegalArgumentException if the profile has no such feature
     */
    public Thresholds of(String of, Measure measure, Direction direction, double quantile) {
        if (!(quantile > 0 && quantile <= 1)) {
            throw new IllegalArgumentException("a quantile lies between 0 and 1, got " + quantile);
        }
        if (measure == Measure.LABEL_SHARE) {
            // Known without predictions, and the same share.
            return counts(profile.label(), Measure.SHARE, direction, quantile);
        }
        return switch (measure.family()) {
            case DISTANCE -> thresholds(direction, 0, distances(feature(of), measure), quantile);
            case COUNTS -> counts(feature(of), measure, direction, quantile);
            case PERFORMANCE ->
                profile.performance()
                        .map(performance -> performance(performance, measure, direction, quantile))
                        .orElse(Thresholds.none(direction));
            case SERVING -> measure == Measure.ROWS ? rows(direction, quantile) : Thresholds.none(direction);
        };
    }

    private FeatureProfile feature(String name) {
        return profile.feature(name)
                .orElseThrow(() -> new IllegalArgumentException("the profile of " + profile.model() + " "
                        + profile.version() + " has no feature '" + name + "'"));
    }

    private SortedMap<Long, Double> distances(FeatureProfile feature, Measure measure) {
        SortedMap<Long, Double> scores = new TreeMap<>();
        windows(feature)
                .forEach((start, window) ->
                        scores.put(start, measure.of(feature.total().minus(window), window)));
        return scores;
    }

    private Thresholds counts(FeatureProfile feature, Measure measure, Direction direction, double quantile) {
        SortedMap<Long, Double> deviations = new TreeMap<>();
        windows(feature).forEach((start, window) -> {
            Counts rest = feature.total().minus(window);
            double deviation = measure.of(rest, window) - measure.of(rest, rest);
            deviations.put(start, direction.sign() * deviation);
        });
        return thresholds(direction, measure.of(feature.total(), feature.total()), deviations, quantile);
    }

    private SortedMap<Long, Counts> windows(FeatureProfile feature) {
        SortedMap<Long, Counts> windows = new TreeMap<>(feature.windows());
        windows.keySet().retainAll(judged().keySet());
        return windows;
    }

    /** A measure of the rest is that of the whole without the window's part: exact for means, near enough for the AUC. */
    private Thresholds performance(
            PerformanceReference reference, Measure measure, Direction direction, double quantile) {
        double whole = measure.of(reference.total());
        long rows = reference.total().rows();
        SortedMap<Long, Double> deviations = new TreeMap<>();
        for (Map.Entry<Long, PerformanceValues> window : reference.windows().entrySet()) {
            long ofWindow = window.getValue().rows();
            if (judged().containsKey(window.getKey())) {
                double deviation = (measure.of(window.getValue()) - whole) * rows / (rows - ofWindow);
                deviations.put(window.getKey(), direction.sign() * deviation);
            }
        }
        return thresholds(direction, whole, deviations, quantile);
    }

    private Thresholds rows(Direction direction, double quantile) {
        SortedMap<Long, Long> windows = judged();
        double total = windows.values().stream().mapToLong(Long::longValue).sum();
        SortedMap<Long, Double> deviations = new TreeMap<>();
        windows.forEach((start, rows) -> {
            double rest = (total - rows) / (windows.size() - 1);
            deviations.put(start, direction.sign() * (rows - rest));
        });
        return thresholds(direction, total / windows.size(), deviations, quantile);
    }

    private SortedMap<Long, Long> judged() {
        SortedMap<Long, Long> windows = new TreeMap<>(profile.wholeWindows());
        windows.values().removeIf(rows -> rows < minRows);
        return windows;
    }

    private static Thresholds thresholds(
            Direction direction, double normal, SortedMap<Long, Double> deviations, double quantile) {
        deviations.values().removeIf(deviation -> deviation.isNaN());
        if (deviations.size() < 2) {
            return Thresholds.none(direction);
        }
        SortedMap<Integer, SortedMap<Long, Double>> bySlot = new TreeMap<>();
        deviations.forEach((start, deviation) -> bySlot.computeIfAbsent(Thresholds.slot(start), slot -> new TreeMap<>())
                .put(start, deviation));
        SortedMap<Integer, Double> slots = new TreeMap<>();
        bySlot.forEach((slot, own) -> {
            if (own.size() >= SLOT_WINDOWS) {
                slots.put(slot, normal + direction.sign() * higher(own, quantile));
            }
        });
        double pooled = normal + direction.sign() * higher(deviations, quantile);
        return new Thresholds(direction, normal, pooled, slots, deviations.size());
    }

    private static double higher(SortedMap<Long, Double> deviations, double quantile) {
        double[] sorted = deviations.values().stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return sorted[(int) Math.ceil(quantile * (sorted.length - 1) - 1e-9)];
    }
}
