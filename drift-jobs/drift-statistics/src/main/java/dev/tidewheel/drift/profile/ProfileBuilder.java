package dev.tidewheel.drift.profile;

import dev.tidewheel.drift.histogram.Edges;
import dev.tidewheel.drift.performance.Performance;
import dev.tidewheel.drift.performance.PerformanceValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a profile from columns, one at a time, so that only one need be in memory. The result depends on the rows as a
 * set, not on their order. Not thread-safe.
 */
public final class ProfileBuilder {
    /** How many bins a feature has, unless said otherwise. */
    public static final int BINS = 10;

    private final String model;
    private final String version;
    private final String trainingSet;
    private final long from;
    private final long to;
    private final long windowMillis;
    private final Windows windows;
    private final double[] labels;
    private final List<FeatureProfile> features = new ArrayList<>();
    private final List<SegmentProfile> segments = new ArrayList<>();
    private Optional<FeatureProfile> prediction = Optional.empty();
    private Optional<PerformanceReference> performance = Optional.empty();
    private int bins = BINS;

    /**
     * @param trainingSet {@code sha256:…} of its data
     * @param from the first moment that could be asked, epoch milliseconds
     * @param to before which the last moment lies
     * @param windowMillis length of the windows, which are aligned to the epoch
     * @param times the moment of every row
     * @param labels 0 or 1, one per row; the rows of the other columns stand in the same order
     */
    public ProfileBuilder(
            String model,
            String version,
            String trainingSet,
            long from,
            long to,
            long windowMillis,
            long[] times,
            double[] labels) {
        this.model = model;
        this.version = version;
        this.trainingSet = trainingSet;
        this.from = from;
        this.to = to;
        this.windowMillis = windowMillis;
        this.windows = new Windows(times, windowMillis);
        this.labels = labels.clone();
        windows.requireRows(labels.length);
    }

    /** How many bins the features added from now on have at most; {@link #BINS} unless said otherwise. */
    public ProfileBuilder bins(int most) {
        this.bins = most;
        return this;
    }

    /**
     * Adds a feature.
     *
     * @param values NaN for null, as training sets have it
     */
    public ProfileBuilder feature(String name, double[] values) {
        features.add(profile(name, Edges.quantiles(values, bins), values));
        return this;
    }

    /**
     * Adds what the model predicts for its own training rows, and with it how well it did. Its edges have 0.5 among them.
     *
     * @param probabilities of class 1
     */
    public ProfileBuilder prediction(double[] probabilities) {
        Edges edges = Edges.quantiles(probabilities, bins).with(0.5);
        prediction = Optional.of(profile(Profile.PREDICTION, edges, probabilities));
        performance = Optional.of(performance(probabilities));
        return this;
    }

    /**
     * Adds the segments of a name: its most frequent values.
     *
     * @param values one per row; null belongs to other
     * @param most how many are told apart
     */
    public ProfileBuilder segment(String name, @Nullable String[] values, int most) {
        windows.requireRows(values.length);
        Map<String, Long> rows = new HashMap<>();
        for (String value : values) {
            if (value != null && !value.equals(SegmentProfile.OTHER)) {
                rows.merge(value, 1L, Long::sum);
            }
        }
        List<SegmentProfile.SegmentValue> top = rows.entrySet().stream()
                .map(entry -> new SegmentProfile.SegmentValue(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(SegmentProfile.SegmentValue::rows)
                        .reversed()
                        .thenComparing(SegmentProfile.SegmentValue::value))
                .limit(most)
                .toList();
        long known = top.stream().mapToLong(SegmentProfile.SegmentValue::rows).sum();
        segments.add(new SegmentProfile(name, top, values.length - known));
        return this;
    }

    public Profile build() {
        return new Profile(
                model,
                version,
                trainingSet,
                from,
                to,
                windows.rows(),
                windowMillis,
                features,
                prediction,
                profile(Profile.LABEL, Edges.BINARY, labels),
                performance,
                segments.stream()
                        .sorted(Comparator.comparing(SegmentProfile::name))
                        .toList());
    }

    private FeatureProfile profile(String name, Edges edges, double[] values) {
        return FeatureProfile.of(name, edges, windows.count(edges, values));
    }

    private PerformanceReference performance(double[] probabilities) {
        Performance total = new Performance();
        TreeMap<Long, PerformanceValues> values = new TreeMap<>();
        windows.performance(probabilities, labels).forEach((start, window) -> {
            total.merge(window);
            values.put(start, window.values());
        });
        return new PerformanceReference(total.values(), values);
    }
}
