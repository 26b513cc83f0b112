package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.served.ValueText;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.workbench.WorkbenchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What readers would get from one lineage of a view, beside what they would get from another: the values of the same keys
 * at the same moment, out of the store. Features are the same if they have one name and one type. The sample is drawn by
 * the keys' own hashes, so that it is the same every time. For one thread.
 */
public final class LineageComparison {
    private static final int BATCH = 500;

    private final FeatureReader store;
    private final Duration deadline;

    /**
     * One feature over all keys of the sample that both lineages have.
     *
     * @param name its name
     * @param equal how often both have the same value and status
     * @param oneIsNull how often one of them has none
     * @param differs how often both have a value, and not the same
     * @param meanDifference of numbers, over the keys where both have one, absolute; NaN if it is no number
     * @param greatest the key where it differs most, with both values; empty if it differs nowhere
     */
    public record Feature(
            String name, long equal, long oneIsNull, long differs, double meanDifference, String greatest) {}

    /**
     * What was found.
     *
     * @param keys how many keys the store has of either
     * @param sampled how many of them were looked at
     * @param onlyFirst how many of those only the first lineage has
     * @param onlySecond how many of those only the second lineage has
     * @param empty how many of those have in both lineages what a key without changes would have
     * @param features those that both have
     * @param featuresOfOne those that only one of them has
     */
    public record Outcome(
            long keys,
            long sampled,
            long onlyFirst,
            long onlySecond,
            long empty,
            List<Feature> features,
            List<String> featuresOfOne) {
        public Outcome {
            features = List.copyOf(features);
            featuresOfOne = List.copyOf(featuresOfOne);
        }

        /** Whether nothing was compared but windows that are empty on both sides: that shows nothing. */
        public boolean isVacuous() {
            return sampled == onlyFirst + onlySecond + empty || features.isEmpty();
        }
    }

    /** @param deadline for one batch */
    public LineageComparison(FeatureReader store, Duration deadline) {
        this.store = store;
        this.deadline = deadline;
    }

    /**
     * Compares.
     *
     * @param sample at most so many keys
     * @param t the moment of the values, epoch milliseconds
     */
    public Outcome compare(ViewLineage first, ViewLineage second, int sample, long t) throws InterruptedException {
        Side one = new Side(first);
        Side other = new Side(second);
        Set<String> keys = new HashSet<>(store.entities(first.view(), first.lineage()));
        keys.addAll(store.entities(second.view(), second.lineage()));
        List<String> sampled = keys.stream()
                .sorted(Comparator.comparingInt(LineageComparison::mixed).thenComparing(Comparator.naturalOrder()))
                .limit(sample)
                .toList();
        List<Tally> tallies = common(one.plan.features(), other.plan.features());
        long onlyOne = 0;
        long onlyOther = 0;
        long empty = 0;
        Row nothingOfOne = one.nothing(t);
        Row nothingOfOther = other.nothing(t);
        for (int from = 0; from < sampled.size(); from += BATCH) {
            List<String> batch = sampled.subList(from, Math.min(from + BATCH, sampled.size()));
            List<@Nullable FeatureValues> ofOne = one.values(batch, t);
            List<@Nullable FeatureValues> ofOther = other.values(batch, t);
            for (int i = 0; i < batch.size(); i++) {
                FeatureValues left = ofOne.get(i);
                FeatureValues right = ofOther.get(i);
                if (left != null && right != null) {
                    String key = batch.get(i);
                    tallies.forEach(tally -> tally.take(key, left, right));
                    boolean nothing =
                            left.row().equals(nothingOfOne) && right.row().equals(nothingOfOther);
                    empty += nothing ? 1 : 0;
                } else if (left != null) {
                    onlyOne++;
                } else if (right != null) {
                    onlyOther++;
                }
            }
        }
        return new Outcome(
                keys.size(),
                sampled.size(),
                onlyOne,
                onlyOther,
                empty,
                tallies.stream().map(Tally::result).toList(),
                unshared(one.plan.features(), other.plan.features()));
    }

    /** Neighbours are not drawn together. */
    private static int mixed(String key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash ^ (hash >>> 16);
    }

    private static List<Tally> common(RowSchema one, RowSchema other) {
        List<Tally> tallies = new ArrayList<>();
        for (int slot = 0; slot < one.size(); slot++) {
            int there = other.slot(one.column(slot).name());
            if (there >= 0 && other.column(there).type() == one.column(slot).type()) {
                tallies.add(new Tally(one.column(slot).name(), one.column(slot).type(), slot, there));
            }
        }
        return tallies;
    }

    private static List<String> unshared(RowSchema one, RowSchema other) {
        TreeSet<String> names = new TreeSet<>();
        one.columns().stream()
                .filter(column -> !other.columns().contains(column))
                .forEach(column -> names.add(column.name()));
        other.columns().stream()
                .filter(column -> !one.columns().contains(column))
                .forEach(column -> names.add(column.name()));
        return List.copyOf(names);
    }

    /** One of the two lineages. */
    private final class Side {
        private final ViewLineage lineage;
        private final ViewPlan plan;

        Side(ViewLineage lineage) {
            this.lineage = lineage;
            this.plan = Definitions.fromRegistry(List.of(lineage.sourceBody(), lineage.viewBody()))
                    .orThrow()
                    .viewPlan(lineage.view());
        }

        /** What a key without changes has. */
        Row nothing(long t) {
            return new KeyState(plan).read(t).row();
        }

        /** One per key; null where the store has none. */
        List<@Nullable FeatureValues> values(List<String> keys, long t) throws InterruptedException {
            List<@Nullable FeatureValues> values = new ArrayList<>();
            for (StoredState state : states(keys)) {
                values.add(
                        state == null
                                ? null
                                : KeyState.decode(plan, state.base(), state.head())
                                        .read(t));
            }
            return values;
        }

        private List<@Nullable StoredState> states(List<String> keys) throws InterruptedException {
            List<ViewKey> wanted = keys.stream()
                    .map(key -> new ViewKey(lineage.view(), lineage.lineage(), key))
                    .toList();
            try {
                return store.read(wanted).toCompletableFuture().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new WorkbenchException("the store refused to read " + lineage.id() + ": " + e.getCause(), e);
            } catch (TimeoutException e) {
                throw new WorkbenchException("the store did not answer within " + deadline + "; compare later", e);
            }
        }
    }

    /** One feature's differences, as they come. */
    private static final class Tally {
        private final String name;
        private final ColumnType type;
        private final int slot;
        private final int there;
        private long equal;
        private long oneIsNull;
        private long differs;
        private double sum;
        private double greatest = -1;
        private String example = "";

        Tally(String name, ColumnType type, int slot, int there) {
            this.name = name;
            this.type = type;
            this.slot = slot;
            this.there = there;
        }

        void take(String key, FeatureValues left, FeatureValues right) {
            boolean leftNull = left.row().isNull(slot);
            boolean rightNull = right.row().isNull(there);
            if (leftNull != rightNull) {
                oneIsNull++;
                note(key, left, right, 0);
            } else if (same(left, right)) {
                equal++;
            } else {
                differs++;
                double difference = leftNull ? 0 : Math.abs(number(left, slot) - number(right, there));
                sum += difference;
                note(key, left, right, difference);
            }
        }

        private boolean same(FeatureValues left, FeatureValues right) {
            return left.statuses()[slot] == right.statuses()[there]
                    && left.row().getLong(slot) == right.row().getLong(there)
                    && Objects.equals(left.row().getString(slot), right.row().getString(there));
        }

        private double number(FeatureValues values, int at) {
            return switch (type) {
                case FLOAT64 -> values.row().getDouble(at);
                case INT64, TIMESTAMP, BOOL -> values.row().getLong(at);
                case STRING, JSON -> Double.NaN;
            };
        }

        private void note(String key, FeatureValues left, FeatureValues right, double difference) {
            if (difference > greatest || example.isEmpty()) {
                greatest = difference;
                example = key + ": " + ValueText.of(left, slot, type) + ", " + ValueText.of(right, there, type);
            }
        }

        Feature result() {
            long both = equal + differs;
            return new Feature(
                    name, equal, oneIsNull, differs, type.isText() || both == 0 ? Double.NaN : sum / both, example);
        }
    }
}
