package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is watched about a model, in all its versions.
 *
 * @param name its name
 * @param model the model's name
 * @param window how long a window is; windows do not overlap and begin at the epoch
 * @param features columns of the model's service that are watched; if empty, all that are int64, float64 or bool
 * @param segments entities or string columns of the service; each splits the rows by its values
 * @param topSegments so many most frequent values of the profile stand alone, per segment
 * @param labels when windows are judged whose rules need labels
 * @param minRows windows with fewer rows are not judged; if empty, as many as the measure needs
 * @param rules what is judged; at least one, no name twice
 */
public record Monitor(
        String name,
        String model,
        Duration window,
        List<String> features,
        List<String> segments,
        int topSegments,
        Labels labels,
        OptionalLong minRows,
        List<Rule> rules)
        implements Definition {
    /** Stands for the predicted probability where a feature may stand. */
    public static final String PREDICTION = "@prediction";
    /** Stands for what turned out to be true where a feature may stand. */
    public static final String LABEL = "@label";

    public Monitor {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(window, "window");
        features = List.copyOf(features);
        segments = List.copyOf(segments);
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(minRows, "minRows");
        rules = List.copyOf(rules);
    }

    /** Which side of a threshold is bad. */
    public enum Direction {
        /** A measure is bad if it is greater than the threshold. */
        ABOVE,
        /** A measure is bad if it is smaller than the threshold. */
        BELOW;

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * When windows are judged whose rules need labels: once, when the first of both is reached.
     *
     * @param coverage the share of a window's rows that is labelled, from 0 to 1
     * @param deadline how long after the window's end
     * @param revise the steps in which a window's figures are renewed until then
     */
    public record Labels(double coverage, Duration deadline, Duration revise) {
        public Labels {
            Range.SHARE.check("coverage", coverage);
            Objects.requireNonNull(deadline, "deadline");
            Objects.requireNonNull(revise, "revise");
        }
    }

    /**
     * One thing that is judged.
     *
     * @param name as alerts and retrainings call it
     * @param of features and {@link #PREDICTION}, or {@link #LABEL} alone; if empty, every watched feature, or the model as a
     *     whole where the measure speaks of that
     * @param measure what is measured
     * @param threshold what it is compared with
     * @param direction which side is bad
     * @param k so many windows must be bad
     * @param n of so many last ones
     * @param leave an alarm ends within this share, more than 0 and at most 1, of the way from what is normal to the
     *     threshold. Normal is 0 for distances and numbers, else the profile's own figure
     * @param cooldown after an alert the rule is silent so long, then it fires again if it is still bad
     * @param severity how urgent its alerts are
     */
    public record Rule(
            String name,
            List<String> of,
            Measure measure,
            Threshold threshold,
            Direction direction,
            int k,
            int n,
            double leave,
            Duration cooldown,
            Severity severity) {
        public Rule {
            Objects.requireNonNull(name, "name");
            of = List.copyOf(of);
            Objects.requireNonNull(measure, "measure");
            Objects.requireNonNull(threshold, "threshold");
            Objects.requireNonNull(direction, "direction");
            if (k < 1 || k > n) {
                throw new IllegalArgumentException("k is from 1 to n = " + n + ", not " + k);
            }
            Range.SOME.check("leave", leave);
            Objects.requireNonNull(cooldown, "cooldown");
            Objects.requireNonNull(severity, "severity");
        }

        /** Where an alarm with a number as its threshold ends: back by 1 − {@link #leave} of the way from 0, if 0 is good. */
        public double leaveLevel(double threshold) {
            boolean zeroIsGood = direction == Direction.ABOVE ? threshold > 0 : threshold < 0;
            return zeroIsGood ? leave * threshold : threshold;
        }
    }

    /** The columns of a service that have numbers: int64, float64, and bool as 0 or 1. */
    static List<String> watchable(RowSchema service) {
        return service.columns().stream()
                .filter(column -> isWatchable(column.type()))
                .map(Column::name)
                .toList();
    }

    private static boolean isWatchable(ColumnType type) {
        return type == ColumnType.INT64 || type == ColumnType.FLOAT64 || type == ColumnType.BOOL;
    }

    /** The rule of a name. */
    public Optional<Rule> rule(String name) {
        return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
    }

    /**
     * Reads a body of the registry without what it refers to.
     *
     * @param body canonical JSON
     * @throws DefinitionsException if it is no monitor
     */
    public static Monitor fromBody(String body) {
        return Loader.single(Kind.MONITOR, body, MonitorReader::read);
    }

    @Override
    public Kind kind() {
        return Kind.MONITOR;
    }
}
