package dev.tidewheel.feature.view;

import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
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
        List<String> aggregates = new ArrayList<>(
                List.of("count", "sum", "mean", "variance", "stddev", "distinct", "quantile", "latest"));
        if (!retracts) {
            aggregates.addAll(List.of("min", "max", "first", "last"));
        }
        String aggregate = pick(random, aggregates);
        List<String> numeric = List.of("x", "y", "z", "y * 0.1", "flag ? 1.0 : 0.0");
        List<String> any = List.of("x", "y", "s", "flag", "at", "z");
        Optional<String> of = switch (aggregate) {
            case "count" -> random.nextBoolean() ? Optional.empty() : Optional.of(pick(random, any));
            case "sum", "mean", "variance", "stddev", "quantile" -> Optional.of(pick(random, numeric));
            default -> Optional.of(pick(random, any));
        };
        Map<String, Double> parameters = switch (aggregate) {
            case "distinct" -> Map.of("limit", (double) (1 + random.nextInt(30)));
            case "quantile" -> Map.of("q", random.nextInt(11) / 10.0, "accuracy", 0.02);
            default -> Map.of();
        };
        Optional<String> where = random.nextInt(3) == 0 ? Optional.of("flag") : Optional.empty();
        List<Window> windows = !retracts && random.nextInt(3) == 0 ? OF_ADDITIONS : WINDOWS;
        return new FeatureSpec(name, aggregate, parameters, of, where, pick(random, windows));
    }

    private static <T> T pick(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
