package dev.tidewheel.drift.profile;

import dev.tidewheel.drift.histogram.Counts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The reference that a model version is watched against: what its training set looked like, as a whole and in each of its
 * own windows, from which thresholds are calibrated. Immutable and thread-safe.
 *
 * @param model whose version it is
 * @param version the model version that carries it
 * @param trainingSet {@code sha256:…} of the training set's data
 * @param from the first moment that could be asked, epoch milliseconds
 * @param to before which the last moment lies
 * @param rows how many
 * @param windowMillis length of the windows, which are aligned to the epoch
 * @param features the numeric columns, in the service's order
 * @param prediction {@link #PREDICTION}, where predictions were at hand
 * @param label {@link #LABEL}
 * @param performance where predictions were at hand
 * @param segments by name, sorted
 */
public record Profile(
        String model,
        String version,
        String trainingSet,
        long from,
        long to,
        long rows,
        long windowMillis,
        List<FeatureProfile> features,
        Optional<FeatureProfile> prediction,
        FeatureProfile label,
        Optional<PerformanceReference> performance,
        List<SegmentProfile> segments) {
    /** The name of the probability of class 1, which is watched like a feature. */
    public static final String PREDICTION = "@prediction";
    /** The name of the truth. */
    public static final String LABEL = "@label";
    /** The name of labelled predictions, in metric rows. */
    public static final String PERFORMANCE = "@performance";
    /** The name of how requests went, in metric rows. */
    public static final String HEALTH = "@health";

    public Profile {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(trainingSet, "trainingSet");
        Objects.requireNonNull(label, "label");
        features = List.copyOf(features);
        segments = List.copyOf(segments);
        if (from >= to || windowMillis <= 0) {
            throw new IllegalArgumentException("no windows of " + windowMillis + " ms between " + from + " and " + to);
        }
    }

    /** {@code sha256:…} of the canonical JSON. */
    public String id() {
        return ProfileJson.digest(ProfileJson.write(this));
    }

    /** The profile of a feature, of {@link #PREDICTION} or of {@link #LABEL}. */
    public Optional<FeatureProfile> feature(String name) {
        return Stream.of(features.stream(), prediction.stream(), Stream.of(label))
                .flatMap(each -> each)
                .filter(feature -> feature.name().equals(name))
                .findFirst();
    }

    /** The segments of a name. */
    public Optional<SegmentProfile> segment(String name) {
        return segments.stream().filter(segment -> segment.name().equals(name)).findFirst();
    }

    /**
     * The same reference without some values of segments, whose rows are in {@code other} then. It has another id, unless
     * it names none of them.
     *
     * @param gone whether a segment, such as {@code origin=ORD}, goes
     */
    public Profile withoutSegments(Predicate<String> gone) {
        return new Profile(
                model,
                version,
                trainingSet,
                from,
                to,
                rows,
                windowMillis,
                features,
                prediction,
                label,
                performance,
                segments.stream()
                        .map(segment -> segment.without(value -> gone.test(segment.segmentOf(value))))
                        .toList());
    }

    /** Rows by the start of the window, for windows that lie wholly in the reference and have any. */
    public SortedMap<Long, Long> wholeWindows() {
        SortedMap<Long, Long> whole = new TreeMap<>();
        for (Map.Entry<Long, Counts> window : label.windows().entrySet()) {
            long start = window.getKey();
            if (start >= from && start + windowMillis <= to) {
                whole.put(start, window.getValue().rows());
            }
        }
        return whole;
    }
}
