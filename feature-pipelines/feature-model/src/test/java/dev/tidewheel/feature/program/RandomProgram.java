package dev.tidewheel.feature.program;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.RandomHistory;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Views over a source, and what arrives at it: everything that a way to a value needs to be held against the oracle.
 * The same seed and kind give the same program. Immutable.
 *
 * @param seed for messages
 * @param declaresIds whether the source names the column {@code id}; else a record's position is its id
 * @param views of one source; the first by {@code k}, others by {@code k}, {@code n}, or both
 * @param arrivals in the order of arrival
 */
public record RandomProgram(long seed, boolean declaresIds, List<ViewSpec> views, List<Arrival> arrivals) {
    public static final String TOPIC = "program";
    public static final int PARTITIONS = 3;
    public static final long HORIZON = 2 * RandomFeatures.DAY;

    private static final long FUTURE_LIMIT = 600_000;
    private static final int TRIES = 500;
    private static final List<List<String>> ENTITIES = List.of(List.of("k"), List.of("n"), List.of("k", "n"));

    /** What the way that is tested can carry. */
    public enum Kind {
        /** All there is. */
        EVERYTHING(true, false, 1),
        /** No retractions. */
        ADDITIONS(false, false, 1),
        /** All there is, and so much that keys are folded more than once where that is done rarely. */
        HISTORY(true, false, 8),
        /** No retractions, and nothing that depends on the order in which partitions are read. */
        STREAM(false, true, 1);

        private final boolean retractions;
        private final boolean steady;
        private final int size;

        Kind(boolean retractions, boolean steady, int size) {
            this.retractions = retractions;
            this.steady = steady;
            this.size = size;
        }
    }

    /**
     * A change, and where it stands.
     *
     * @param timestamp the record's in Kafka
     */
    public record Arrival(Change change, int partition, long offset, long timestamp) {}

    public RandomProgram {
        views = List.copyOf(views);
        arrivals = List.copyOf(arrivals);
    }

    /** The program of a seed. */
    public static RandomProgram of(long seed, Kind kind) {
        Random random = new Random(seed);
        boolean retracts = kind.retractions && random.nextBoolean();
        boolean declaresIds = retracts || random.nextInt(4) != 0;
        List<ViewSpec> views = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            List<String> entity = i == 0 ? ENTITIES.get(0) : ENTITIES.get(random.nextInt(ENTITIES.size()));
            views.add(view(random, "v" + i, entity, retracts && random.nextInt(6) != 0));
        }
        RandomHistory.Style style = new RandomHistory.Style(retracts, 5, true, declaresIds, kind.steady);
        long gap = List.of(500L, 30_000L, kind.steady ? 60_000L : 600_000L).get(random.nextInt(3));
        List<Change> changes =
                new RandomHistory(random, style, 300_000).generate(kind.size * (60 + random.nextInt(200)), gap);
        return new RandomProgram(seed, declaresIds, views, placed(random, changes, declaresIds));
    }

    private static ViewSpec view(Random random, String name, List<String> entity, boolean mustRetract) {
        RandomFeatures drawn = new RandomFeatures(random);
        ViewSpec empty = new ViewSpec(
                name,
                entity,
                random.nextInt(3) == 0 ? Optional.of("x == null || x != 7") : Optional.empty(),
                List.of(new ViewSpec.DerivedColumn("z", "100 / divisor")),
                List.of(),
                HORIZON,
                FUTURE_LIMIT,
                random.nextInt(3) * 10_000L,
                1 + random.nextInt(20));
        List<FeatureSpec> features = new ArrayList<>();
        int count = 2 + random.nextInt(8);
        for (int attempt = 0; features.size() < count && attempt < TRIES; attempt++) {
            FeatureSpec feature = drawn.draw("f" + features.size());
            if (isPossible(with(empty, List.of(feature)), mustRetract)) {
                features.add(feature);
            }
        }
        return with(empty, features);
    }

    /** A feature alone is refused for its own sake. */
    private static boolean isPossible(ViewSpec view, boolean mustRetract) {
        try {
            ViewPlan plan = ViewPlan.compile(view, RandomHistory.SOURCE);
            return !mustRetract || plan.retracts();
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    private static ViewSpec with(ViewSpec view, List<FeatureSpec> features) {
        return new ViewSpec(
                view.name(),
                view.entity(),
                view.where(),
                view.columns(),
                features,
                view.horizonMillis(),
                view.futureLimitMillis(),
                view.headSpanMillis(),
                view.headEntries());
    }

    private static List<Arrival> placed(Random random, List<Change> changes, boolean declaresIds) {
        long[] next = new long[PARTITIONS];
        List<Arrival> arrivals = new ArrayList<>();
        for (Change change : changes) {
            int partition = random.nextInt(PARTITIONS);
            long offset = next[partition]++;
            EventId id = declaresIds ? change.id() : EventId.of(TOPIC, partition, offset);
            Change placed = new Change(change.retraction(), id, change.eventTime(), change.knownTime(), change.row());
            // A record was written when it was known, but for clocks that are wrong.
            long timestamp = placed.isLate(HORIZON) ? change.eventTime() : change.knownTime();
            arrivals.add(new Arrival(placed, partition, offset, timestamp));
        }
        return arrivals;
    }

    /** The source's columns: those of every row, with {@code id}, {@code happened} and {@code known}. */
    public static RowSchema source() {
        return RandomHistory.SOURCE;
    }

    /** The compiled views. */
    public List<ViewPlan> plans() {
        return views.stream()
                .map(view -> ViewPlan.compile(view, RandomHistory.SOURCE))
                .toList();
    }

    /** The entities, each once. */
    public List<List<String>> entities() {
        return views.stream().map(ViewSpec::entity).distinct().toList();
    }

    /** The changes by the key that a view gives them, each in the order of arrival. */
    public static Map<String, List<Change>> byKey(ViewPlan plan, List<Arrival> arrivals) {
        return arrivals.stream()
                .map(Arrival::change)
                .collect(Collectors.groupingBy(
                        change -> plan.entityKey(change.row()).orElseThrow(), TreeMap::new, Collectors.toList()));
    }

    /** Moments worth asking at when everything has arrived: the edges of what happened, and long after. */
    public List<Long> moments() {
        TreeSet<Long> moments = new TreeSet<>();
        long newest = arrivals.stream()
                .map(Arrival::change)
                .filter(change -> !change.isLate(HORIZON))
                .mapToLong(Change::visibleAt)
                .max()
                .orElse(RandomHistory.START);
        long edge = Math.floorDiv(newest, 300_000L) * 300_000L + 300_000L;
        for (long near : new long[] {newest, edge}) {
            moments.addAll(List.of(near - 1, near, near + 1));
        }
        moments.add(newest + RandomFeatures.HOUR);
        moments.add(newest + RandomFeatures.DAY + 7);
        moments.add(newest + 8 * RandomFeatures.DAY);
        return List.copyOf(moments);
    }

    /** Another with fewer arrivals. */
    RandomProgram with(List<Arrival> fewer) {
        return new RandomProgram(seed, declaresIds, views, fewer);
    }

    /** Another without a feature; without the view if it was the last. */
    RandomProgram without(int view, int feature) {
        List<ViewSpec> fewer = new ArrayList<>(views);
        List<FeatureSpec> features = new ArrayList<>(views.get(view).features());
        features.remove(feature);
        if (features.isEmpty()) {
            fewer.remove(view);
        } else {
            fewer.set(view, with(views.get(view), features));
        }
        return new RandomProgram(seed, declaresIds, fewer, arrivals);
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("program of seed " + seed + ", ids " + (declaresIds ? "declared" : "by position"));
        views.forEach(view -> text.append("\n  ").append(view));
        for (Arrival arrival : arrivals) {
            text.append("\n  ")
                    .append(arrival.partition())
                    .append('/')
                    .append(arrival.offset())
                    .append(": ")
                    .append(arrival.change());
        }
        return text.toString();
    }
}
