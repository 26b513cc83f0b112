package dev.tidewheel.history.inspect;

import dev.tidewheel.drift.blocks.BlockedAuc;
import dev.tidewheel.drift.blocks.Blocks;
import dev.tidewheel.drift.blocks.StartToEnd;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.questions.ColumnOf;
import dev.tidewheel.history.questions.Role;
import dev.tidewheel.history.run.OtherWorlds;
import dev.tidewheel.history.run.TrainingSets;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.training.Knowledge;
import dev.tidewheel.history.training.Retiming;
import dev.tidewheel.history.training.TrainingSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the quality of a training set. Columns are read one after the other; the rows that are asked again are a sample.
 * The same set gives the same report. Not thread-safe.
 */
public final class SetInspector {
    /** How many rows are asked again at most, unless said otherwise. */
    public static final int SAMPLE = 50_000;
    /** What was known so long after a question is compared with what was known then. */
    public static final Duration HINDSIGHT = Duration.ofDays(7);

    /** Beyond which AUC a column alone is taken for the label. */
    private static final double TOO_GOOD = 0.98;
    /** In how many honest sets of all one column may be called a suspect. */
    private static final double FALSE_SUSPECTS = 0.01;
    /** In how many columns that do not drift one may be said to. */
    private static final double FALSE_DRIFTS = 0.01;

    private static final long SEED = 6;

    private final TrainingSet set;
    private final SetSample sample;
    private final Blocks ofSample;
    private final Blocks ofSet;
    private final double @Nullable [] labels;

    /** @param most how many rows are held against the label, and asked again */
    public SetInspector(TrainingSet set, int most) throws IOException {
        this.set = set;
        this.sample = SetSample.of(set, most);
        long[] times = set.times();
        this.ofSet = Blocks.of(times);
        this.ofSample = Blocks.of(sample.of(times));
        this.labels = hasTruth(set) ? sample.of(set.labels()) : null;
    }

    private static boolean hasTruth(TrainingSet set) {
        return set.manifest().columns().stream()
                .anyMatch(column -> column.role() == Role.LABEL && column.type() == ColumnType.BOOL);
    }

    /** Looks at what the set says by itself. */
    public SetReport alone(String why) throws IOException {
        return report(new Reports(Optional.empty(), OptionalDouble.empty(), Set.of()), why);
    }

    /**
     * Looks at the set, and asks its questions again in other worlds.
     *
     * @param request the columns that come with a request
     * @param folder an empty one for what is built on the way
     */
    public SetReport compared(OtherWorlds worlds, Set<String> request, Path folder, TrainingSets.Progress progress)
            throws IOException, InterruptedException {
        if (labels == null) {
            return alone("the set has no label of yes and no");
        }
        if (!ofSample.areEnough()) {
            return alone("the set has rows of " + ofSample.count() + " days, and chance is learnt from " + Blocks.FEWEST
                    + " or more");
        }
        Comparison comparison = compare(worlds, sample.questions(request), folder, progress);
        return report(new Reports(Optional.of(comparison), worlds.knownLaterShare(), request), null);
    }

    private Comparison compare(OtherWorlds worlds, RowTable rows, Path folder, TrainingSets.Progress progress)
            throws IOException, InterruptedException {
        Knowledge kind = set.manifest().knowledge();
        World own = World.of(set, sample, labels());
        Duration delay = Duration.parse(set.manifest().servingDelay());
        World serving = kind == Knowledge.POINT_IN_TIME
                ? own
                : rebuilt(worlds, rows, Retiming.POINT_IN_TIME, delay, folder.resolve("serving"), progress);
        World eventTime = kind == Knowledge.EVENT_TIME
                ? own
                : rebuilt(worlds, rows, Retiming.EVENT_TIME, Duration.ZERO, folder.resolve("event-time"), progress);
        World hindsight = rebuilt(
                worlds, rows, Retiming.hindsight(HINDSIGHT), Duration.ZERO, folder.resolve("hindsight"), progress);
        return new Comparison(own, serving, eventTime, hindsight, kind == Knowledge.POINT_IN_TIME);
    }

    private static World rebuilt(
            OtherWorlds worlds,
            RowTable rows,
            Retiming world,
            Duration delay,
            Path folder,
            TrainingSets.Progress progress)
            throws IOException, InterruptedException {
        return World.of(worlds.build(rows, world, delay, folder, progress));
    }

    private double[] labels() {
        if (labels == null) {
            throw new IllegalStateException("the set has no label");
        }
        return labels;
    }

    private SetReport report(Reports reports, @Nullable String notCompared) throws IOException {
        List<ColumnOf> vector = set.manifest().columns().stream()
                .filter(column -> column.role() == Role.VECTOR)
                .toList();
        List<ColumnReport> columns = new ArrayList<>();
        for (ColumnOf column : vector) {
            columns.add(column.type().isText() ? text(column.name()) : reports.number(column.name()));
        }
        return new SetReport(
                set.manifest().digest(),
                set.rows(),
                sample.size(),
                ofSet.days(),
                reports.quantile(),
                notCompared,
                columns);
    }

    private ColumnReport text(String name) throws IOException {
        long nulls = Arrays.stream(set.strings(name)).filter(Objects::isNull).count();
        Set<Finding> findings = nulls == set.rows() ? EnumSet.of(Finding.EMPTY) : EnumSet.noneOf(Finding.class);
        return new ColumnReport(name, share(nulls), 0, null, null, null, null, null, null, findings);
    }

    private double share(long rows) {
        return set.rows() == 0 ? 0 : (double) rows / set.rows();
    }

    /** Looks at numbers and truth values. */
    private final class Reports {
        private final Optional<Comparison> comparison;
        private final OptionalDouble knownLater;
        private final Set<String> request;

        /**
         * @param knownLater share of the questions whose event became known after them
         * @param request columns that were computed from those events
         */
        Reports(Optional<Comparison> comparison, OptionalDouble knownLater, Set<String> request) {
            this.comparison = comparison;
            this.knownLater = knownLater;
            this.request = request;
        }

        /** All comparisons share the chance of a false suspect (Bonferroni). */
        double quantile() {
            int tests = set.numericColumns().size()
                    * comparison.map(Comparison::worlds).orElse(1);
            return 1 - FALSE_SUSPECTS / Math.max(1, tests);
        }

        ColumnReport number(String name) throws IOException {
            double[] values = set.numbers(name);
            long nulls = Arrays.stream(values).filter(Double::isNaN).count();
            long infinite = Arrays.stream(values).filter(Double::isInfinite).count();
            Set<Finding> findings = EnumSet.noneOf(Finding.class);
            findings.addAll(ofValues(values, nulls, infinite));
            StartToEnd drift = StartToEnd.of(values, ofSet, 1 - FALSE_DRIFTS, SEED);
            if (drift.isBeyondChance()) {
                findings.add(Finding.DRIFTS);
            }
            BlockedAuc auc = labels == null ? null : BlockedAuc.of(sample.of(values), labels, ofSample);
            Double alone = auc == null ? null : (Double) auc.alone();
            if (auc != null && auc.alone() > TOO_GOOD && auc.isOfManyPairs()) {
                findings.add(Finding.TOO_GOOD);
            }
            Double later = request.contains(name) && knownLater.isPresent() ? knownLater.getAsDouble() : null;
            if (later != null && later > 0) {
                findings.add(Finding.KNOWN_LATER);
            }
            Comparison.@Nullable Rises rises =
                    comparison.isPresent() ? comparison.get().of(name, ofSample, quantile(), SEED) : null;
            findings.addAll(ofRises(rises));
            return new ColumnReport(
                    name,
                    share(nulls),
                    share(infinite),
                    alone == null || alone.isNaN() ? null : alone,
                    rises == null ? null : rises.own().orElse(null),
                    rises == null ? null : rises.eventTime(),
                    rises == null ? null : rises.hindsight(),
                    drift,
                    later,
                    findings);
        }
    }

    private static Set<Finding> ofValues(double[] values, long nulls, long infinite) {
        Set<Finding> findings = EnumSet.noneOf(Finding.class);
        long different = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .distinct()
                .limit(2)
                .count();
        if (nulls == values.length) {
            findings.add(Finding.EMPTY);
        } else if (different == 1) {
            findings.add(Finding.CONSTANT);
        }
        if (infinite > 0) {
            findings.add(Finding.INFINITE);
        }
        return findings;
    }

    private static Set<Finding> ofRises(Comparison.@Nullable Rises rises) {
        if (rises == null) {
            return Set.of();
        }
        if (rises.own().isPresent() && rises.own().get().isBeyondChance()) {
            return Set.of(Finding.LEAKS);
        }
        boolean elsewhere =
                rises.eventTime().isBeyondChance() || rises.hindsight().isBeyondChance();
        return elsewhere ? Set.of(Finding.WOULD_LEAK) : Set.of();
    }
}
