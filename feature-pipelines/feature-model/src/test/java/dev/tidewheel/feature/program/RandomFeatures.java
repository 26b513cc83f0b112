package dev.tidewheel.feature.program;

import dev.tidewheel.feature.aggregate.Aggregate;
import dev.tidewheel.feature.aggregate.Aggregates;
import dev.tidewheel.feature.aggregate.Operands;
import dev.tidewheel.feature.aggregate.Parameter;
import dev.tidewheel.feature.aggregate.Parameters;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.window.Window;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Draws features: each aggregate that is registered, over each kind of window that there is, with whatever inputs and
 * parameters they declare. Nothing here names an aggregate or a window, so none can be forgotten.
 */
final class RandomFeatures {
    static final long MINUTE = 60_000;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private static final List<Aggregate> AGGREGATES = List.copyOf(Aggregates.all());
    private static final List<Class<?>> WINDOWS = List.of(Window.class.getPermittedSubclasses());
    private static final int TRIES = 200;

    private static final Map<ColumnType, List<String>> EXPRESSIONS = Map.of(
            ColumnType.INT64, List.of("x", "x", "z", "x % 10"),
            ColumnType.FLOAT64, List.of("y", "y", "y * 0.1", "double(x)", "flag ? 1.0 : 0.0"),
            ColumnType.STRING, List.of("s", "s", "s + 'é'"),
            ColumnType.BOOL, List.of("flag", "x > 0"),
            ColumnType.TIMESTAMP, List.of("at"));

    private static final List<String> FILTERS =
            List.of("flag", "x > 0 && !flag", "s in ['s1', 's2', 's3']", "y >= 0.0");

    private final Random random;

    RandomFeatures(Random random) {
        this.random = random;
    }

    /** One feature; it may be refused where aggregate and window do not go together. */
    FeatureSpec draw(String name) {
        Aggregate aggregate = pick(AGGREGATES);
        Operands operands = pick(aggregate.operands().stream()
                .filter(RandomFeatures::canBeWritten)
                .toList());
        return new FeatureSpec(
                name,
                aggregate.name(),
                parameters(aggregate),
                operands.of().map(this::expression),
                operands.by().map(this::expression),
                random.nextInt(10) == 0 ? Optional.of("s") : Optional.empty(),
                random.nextInt(3) == 0 ? Optional.of(pick(FILTERS)) : Optional.empty(),
                window());
    }

    /** Columns are never JSON. */
    private static boolean canBeWritten(Operands operands) {
        return !operands.of().equals(Optional.of(ColumnType.JSON))
                && !operands.by().equals(Optional.of(ColumnType.JSON));
    }

    private String expression(ColumnType type) {
        return pick(EXPRESSIONS.getOrDefault(type, List.of()));
    }

    private Parameters parameters(Aggregate aggregate) {
        Map<String, List<Double>> values = new HashMap<>();
        for (Parameter parameter : aggregate.parameters()) {
            if (parameter.isRequired() || random.nextInt(3) != 0) {
                values.put(parameter.name(), values(parameter));
            }
        }
        return new Parameters(values);
    }

    private List<Double> values(Parameter parameter) {
        return switch (parameter.form()) {
            case WHOLE -> {
                double most = Math.min(parameter.greatest(), parameter.least() + 29);
                yield List.of(parameter.least() + random.nextInt((int) (most - parameter.least()) + 1));
            }
            case NUMBER -> List.of(number(parameter));
            case ASCENDING -> {
                double[] edges = random.doubles(2 + random.nextInt(5), -120, 120)
                        .map(Math::rint)
                        .distinct()
                        .sorted()
                        .toArray();
                yield edges.length < 2
                        ? List.of(-1.0, 1.0)
                        : Arrays.stream(edges).boxed().toList();
            }
        };
    }

    /** Near the default most often: the extremes of some parameters need too much memory, or are of no use. */
    private double number(Parameter parameter) {
        double usual = (parameter.isRequired() ? parameter.example() : parameter.byDefault()).get(0);
        double drawn = switch (random.nextInt(4)) {
            case 0 -> usual;
            case 1 -> usual * 2;
            default -> usual * (0.5 + random.nextDouble());
        };
        return Math.max(parameter.least(), Math.min(parameter.greatest(), drawn));
    }

    /** Of every permitted kind with the same chance. */
    Window window() {
        Class<?> kind = pick(WINDOWS);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<Window> window = build(kind);
            if (window.isPresent()) {
                return window.get();
            }
        }
        throw new IllegalStateException("no " + kind.getSimpleName() + " window can be drawn: teach RandomFeatures its"
                + " components " + Arrays.toString(kind.getRecordComponents()));
    }

    private Optional<Window> build(Class<?> kind) {
        RecordComponent[] components = kind.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        long length = pick(List.of(1_000L, 10 * MINUTE, HOUR, 3 * HOUR, DAY, 7 * DAY));
        for (int i = 0; i < values.length; i++) {
            types[i] = components[i].getType();
            long value = component(components[i].getName(), length);
            values[i] = types[i] == int.class ? (Object) (int) value : (Object) value;
        }
        try {
            return Optional.of((Window) kind.getDeclaredConstructor(types).newInstance(values));
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof IllegalArgumentException) {
                return Optional.empty();
            }
            throw new IllegalStateException(refused);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a window is a record with a public constructor", e);
        }
    }

    private long component(String name, long length) {
        return switch (name) {
            case "lengthMillis", "maxLengthMillis" -> length;
            case "resolutionMillis", "hopMillis" -> length / pick(List.of(1L, 1L, 2L, 3L, 12L, 12L, 60L));
            case "gapMillis" -> pick(List.of(1L, 30_000L, 5 * MINUTE, 30 * MINUTE));
            case "count" -> 1 + random.nextInt(12);
            case "maxEvents" -> 1 + random.nextInt(80);
            default ->
                throw new IllegalStateException(
                        "a window has a component '" + name + "': say here what values it takes");
        };
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** The names of all aggregates and the kinds of all windows. */
    static List<String> everything() {
        List<String> all = new ArrayList<>();
        AGGREGATES.forEach(aggregate -> all.add(aggregate.name()));
        WINDOWS.forEach(window -> all.add(window.getSimpleName()));
        return all;
    }
}
