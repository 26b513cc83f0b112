package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Aggregate;
import dev.tidewheel.feature.aggregate.Aggregates;
import dev.tidewheel.feature.aggregate.Operands;
import dev.tidewheel.feature.aggregate.Parameter;
import dev.tidewheel.feature.aggregate.Parameters;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Views over {@link RandomHistory#SOURCE} with every aggregate over many windows. */
public final class RandomViews {
    static final long MINUTE = 60_000;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private static final List<Window> WINDOWS = List.of(
            new Window.Exact(HOUR, 30),
            new Window.Exact(20_000, 1_000),
            new Window.Exact(1, 5),
            new Window.Exact(DAY, 60),
            new Window.Hopping(HOUR, HOUR),
            new Window.Hopping(HOUR, 5 * MINUTE),
            new Window.Hopping(10 * MINUTE, 7 * MINUTE),
            new Window.Hopping(1, 1),
            Window.Sliding.of(HOUR),
            Window.Sliding.of(3 * HOUR),
            Window.Sliding.of(DAY),
            Window.Sliding.of(7 * DAY),
            new Window.Sliding(10 * MINUTE, MINUTE),
            new Window.Sliding(1_000, 7),
            new Window.Sliding(HOUR, HOUR),
            new Window.Lifetime());

    /** They do not retract. */
    private static final List<Window> OF_ADDITIONS = List.of(
            new Window.Session(10 * MINUTE, DAY),
            new Window.Session(30_000, HOUR),
            new Window.Session(5 * MINUTE, 5 * MINUTE),
            new Window.Session(1, 3_000),
            new Window.Rows(1),
            new Window.Rows(3),
            new Window.Rows(40));

    private RandomViews() {}

    public static ViewPlan plan(Random random, boolean retracts) {
        List<FeatureSpec> features = new ArrayList<>();
        int count = 3 + random.nextInt(20);
        features.add(
                new FeatureSpec( // Sees every change.
                        "rows", "count", Map.of(), Optional.empty(), Optional.empty(), pick(random, WINDOWS)));
        for (int i = 0; i < count; i++) {
            features.add(feature(random, "f" + i, retracts));
        }
        ViewSpec spec = new ViewSpec(
                "random",
                List.of("s"),
                random.nextInt(3) == 0 ? Optional.of("x == null || x != 7") : Optional.empty(),
                List.of(new ViewSpec.DerivedColumn("z", "100 / divisor")),
                features,
                2 * DAY,
                600_000,
                random.nextInt(3) * 10_000L,
                1 + random.nextInt(20));
        return ViewPlan.compile(spec, RandomHistory.SOURCE);
    }

    private static FeatureSpec feature(Random random, String name, boolean retracts) {
        boolean overflows = random.nextInt(8) == 0;
        Aggregate aggregate = overflows ? Aggregates.byName("sum") : pick(random, List.copyOf(Aggregates.all()));
        Operands operands = pick(
                random,
                aggregate.operands().stream().filter(RandomViews::isWritable).toList());
        if (retracts && !aggregate.example(operands).partial().retracts()) {
            return feature(random, name, true);
        }
        boolean buckets = random.nextInt(8) == 0 && !aggregate.name().equals("latest");
        Optional<String> where = random.nextInt(3) == 0 ? Optional.of("flag") : Optional.empty();
        boolean additions = !retracts && random.nextInt(3) == 0 && !aggregate.overTime();
        Window window = pick(random, additions ? OF_ADDITIONS : WINDOWS);
        return new FeatureSpec(
                name,
                aggregate.name(),
                parameters(random, aggregate, buckets),
                operands.of().map(type -> expression(random, type)),
                operands.by().map(type -> expression(random, type)),
                buckets ? Optional.of(pick(random, List.of("s", "flag", "x", "y"))) : Optional.empty(),
                where,
                aggregate.overTime() && window instanceof Window.Lifetime ? WINDOWS.get(0) : window);
    }

    private static boolean isWritable(Operands operands) {
        return !operands.of().equals(Optional.of(ColumnType.JSON))
                && !operands.by().equals(Optional.of(ColumnType.JSON));
    }

    private static String expression(Random random, ColumnType type) {
        return pick(
                random,
                switch (type) {
                    case INT64 -> List.of("x", "z");
                    case FLOAT64 -> List.of("y", "y * 0.1", "flag ? 1.0 : 0.0");
                    case STRING, JSON -> List.of("s");
                    case BOOL -> List.of("flag");
                    case TIMESTAMP -> List.of("at");
                });
    }

    /** What is bounded keeps its default bound, where it is exact: estimates beyond it have tests of their own. */
    private static Parameters parameters(Random random, Aggregate aggregate, boolean buckets) {
        Map<String, List<Double>> drawn = new HashMap<>();
        if (buckets) {
            drawn.put("buckets", List.of(2.0 + random.nextInt(40)));
        }
        for (Parameter parameter : aggregate.parameters()) {
            switch (parameter.name()) {
                case "limit" -> drawn.put("limit", List.of(1.0 + random.nextInt(30)));
                case "k" -> drawn.put("k", List.of(1.0 + random.nextInt(5)));
                case "q" -> drawn.put("q", List.of(random.nextInt(11) / 10.0));
                case "accuracy" -> drawn.put("accuracy", List.of(0.02));
                case "ddof" -> drawn.put("ddof", List.of((double) random.nextInt(2)));
                case "precision" -> drawn.put("precision", List.of(4.0 + random.nextInt(4)));
                case "edges" -> drawn.put("edges", List.of(-20.0, 0.0, 0.5, 30.0));
                case "halfLife" -> drawn.put("halfLife", List.of(pick(random, List.of(0.5, 60.0, 777.777, 86_400.0))));
                case "counters" -> {}
                default -> throw new IllegalStateException("say here what values '" + parameter.name() + "' takes");
            }
        }
        return new Parameters(drawn);
    }

    private static <T> T pick(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
