package dev.tidewheel.feature.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.Agreement;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * Runs one way to a value over many programs. {@code -Dtidewheel.seed=7} runs that program alone,
 * {@code -Dtidewheel.programs=1000} so many instead of the few of a build.
 *
 * <p>A way says where a program's values differ from the oracle's, or nothing. The first program that differs is made
 * smaller while it still does, and printed.
 */
public final class Programs {
    private static final int SMALLER_TRIES = 400;
    private static final int QUESTIONS_PER_KEY = 25;

    /** One way from changes to values, held against the oracle. */
    @FunctionalInterface
    public interface Way {
        /** Where the values of a program differ; empty if nowhere. */
        Optional<String> difference(RandomProgram program, Met met) throws Exception;
    }

    /** What the programs came across: a comparison that never meets an overflow proves nothing about overflows. */
    public static final class Met {
        private final Set<String> drawn = new TreeSet<>();
        private final Set<Status> statuses = EnumSet.noneOf(Status.class);
        private long values;

        /** Notes that values were compared. */
        public void compared(FeatureValues compared) {
            for (byte code : compared.statuses()) {
                statuses.add(Status.of(code));
                values++;
            }
        }

        void drew(RandomProgram program) {
            program.views()
                    .forEach(view -> view.features().forEach(feature -> {
                        drawn.add(feature.aggregate());
                        drawn.add(feature.window().getClass().getSimpleName());
                    }));
        }
    }

    private Programs() {}

    /** One key, played forward in time. */
    @FunctionalInterface
    public interface Played {
        /** The values at a moment, not before any asked earlier, by what was visible at another, not after it. */
        FeatureValues read(long t, long visibleThrough);
    }

    /**
     * Asks a key at moments around what happened and what became visible, at edges of tiles, and when all is over.
     *
     * @param changes the key's, by when they became visible
     * @return where the values differ from the oracle's; empty if nowhere
     */
    public static Optional<String> differenceInTime(
            RandomProgram program, ViewPlan plan, List<Change> changes, Random random, Played played, Met met) {
        NaiveOracle oracle = new NaiveOracle(plan, changes);
        for (long t : moments(program, changes, random)) {
            // Some stores lag: the same for all questions of a key.
            long through = t - (changes.size() % 3 == 0 ? 5_400_000 : 0);
            FeatureValues expected = changes.get(0).visibleAt() <= through
                    ? oracle.valuesAt(t, index -> changes.get(index).visibleAt() <= through)
                    : NaiveOracle.absent(plan);
            FeatureValues actual = played.read(t, through);
            met.compared(actual);
            Optional<String> difference = difference(plan, expected, actual);
            if (difference.isPresent()) {
                return Optional.of("at " + t + " through " + through + " " + difference.get());
            }
        }
        return Optional.empty();
    }

    private static TreeSet<Long> moments(RandomProgram program, List<Change> changes, Random random) {
        TreeSet<Long> moments = new TreeSet<>(program.moments());
        while (moments.size() < QUESTIONS_PER_KEY) {
            Change change = changes.get(random.nextInt(changes.size()));
            long near = random.nextInt(3) - 1;
            moments.add(
                    switch (random.nextInt(3)) {
                        case 0 -> change.eventTime() + near;
                        case 1 -> change.visibleAt() + near;
                        default -> Math.floorDiv(change.visibleAt(), 300_000L) * 300_000L + near;
                    });
        }
        return moments;
    }

    /**
     * @param usual how many programs a build runs
     */
    public static void run(RandomProgram.Kind kind, int usual, Way way) throws Exception {
        run(kind, usual, way, true);
    }

    /** For ways that run a program only as its seed gives it. */
    public static void runWhole(RandomProgram.Kind kind, int usual, Way way) throws Exception {
        run(kind, usual, way, false);
    }

    private static void run(RandomProgram.Kind kind, int usual, Way way, boolean shrinks) throws Exception {
        Met met = new Met();
        long[] seeds = seeds(usual);
        for (long seed : seeds) {
            RandomProgram program = RandomProgram.of(seed, kind);
            met.drew(program);
            Optional<String> difference = difference(way, program, met);
            if (difference.isPresent()) {
                throw shrinks
                        ? failure(way, program, difference.get())
                        : new AssertionError("-Dtidewheel.seed=" + seed + ": " + difference.get());
            }
        }
        assertThat(met.values).isGreaterThan(100);
        if (seeds.length >= usual && usual > 1) {
            assertThat(met.statuses).contains(Status.OK, Status.NULL);
        }
    }

    /** How many programs of a kind it takes until every aggregate and every kind of window was drawn. */
    static int programsUntilEverythingIsDrawn(RandomProgram.Kind kind) {
        Met met = new Met();
        int seed = 0;
        while (!met.drawn.containsAll(RandomFeatures.everything()) && seed < 2_000) {
            met.drew(RandomProgram.of(++seed, kind));
        }
        assertThat(met.drawn).as("never drawn in 2,000 programs").containsAll(RandomFeatures.everything());
        return seed;
    }

    private static long[] seeds(int usual) {
        Long one = Long.getLong("tidewheel.seed");
        return one != null
                ? new long[] {one}
                : LongStream.rangeClosed(1, Integer.getInteger("tidewheel.programs", usual))
                        .toArray();
    }

    private static Optional<String> difference(Way way, RandomProgram program, Met met) throws Exception {
        try {
            return way.difference(program, met);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | AssertionError thrown) {
            return Optional.of(thrown.toString());
        }
    }

    private static AssertionError failure(Way way, RandomProgram program, String difference) throws Exception {
        RandomProgram least = program;
        String of = difference;
        int tries = 0;
        for (boolean shrunk = true; shrunk; ) {
            shrunk = false;
            for (RandomProgram smaller : smaller(least)) {
                if (tries++ > SMALLER_TRIES) {
                    break;
                }
                Optional<String> still = difference(way, smaller, new Met());
                if (still.isPresent()) {
                    least = smaller;
                    of = still.get();
                    shrunk = true;
                    break;
                }
            }
        }
        return new AssertionError(
                "-Dtidewheel.seed=" + program.seed() + ": " + difference + "\nmade smaller, " + of + "\nin " + least);
    }

    /** Without half, a quarter … of the arrivals, or without a feature. */
    private static List<RandomProgram> smaller(RandomProgram program) {
        List<RandomProgram> smaller = new ArrayList<>();
        int size = program.arrivals().size();
        for (int part = Math.max(1, size / 2); part >= 1 && size > 1; part /= 2) {
            for (int from = 0; from < size; from += part) {
                List<RandomProgram.Arrival> fewer = new ArrayList<>(program.arrivals());
                fewer.subList(from, Math.min(size, from + part)).clear();
                smaller.add(program.with(fewer));
            }
        }
        for (int view = 0; view < program.views().size(); view++) {
            int features = program.views().get(view).features().size();
            for (int feature = 0; feature < features; feature++) {
                if (features > 1 || program.views().size() > 1) {
                    smaller.add(0, program.without(view, feature));
                }
            }
        }
        return smaller;
    }

    /** Where values differ in more than their aggregates' classes allow: in a status, or in a bit, but for bounds. */
    public static Optional<String> difference(ViewPlan plan, FeatureValues expected, FeatureValues actual) {
        for (int slot = 0; slot < plan.features().size(); slot++) {
            FeatureSpec feature = plan.spec().features().get(slot);
            if (!Agreement.holds(plan, slot, actual, expected, slot)) {
                return Optional.of(feature + " is " + text(actual, slot) + ", the oracle has " + text(expected, slot));
            }
        }
        return Optional.empty();
    }

    private static String text(FeatureValues values, int slot) {
        Row row = values.row();
        String value = row.isNull(slot)
                ? "null"
                : row.getString(slot) != null ? row.getString(slot) : Long.toString(row.getLong(slot));
        return value + " (" + values.status(slot) + ")";
    }
}
