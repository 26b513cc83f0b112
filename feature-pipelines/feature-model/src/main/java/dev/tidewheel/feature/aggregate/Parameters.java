package dev.tidewheel.feature.aggregate;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The numbers that tune one feature's aggregate, by name; most are single. Immutable.
 *
 * @param values as written, or completed by {@link Aggregate#bind}
 */
public record Parameters(Map<String, List<Double>> values) {
    /** All by their defaults. */
    public static final Parameters NONE = new Parameters(Map.of());

    public Parameters {
        Map<String, List<Double>> copy = new TreeMap<>();
        values.forEach((name, numbers) -> copy.put(name, List.copyOf(numbers)));
        values = Collections.unmodifiableMap(copy);
    }

    /** Single numbers. */
    public static Parameters of(Map<String, Double> numbers) {
        Map<String, List<Double>> values = new TreeMap<>();
        numbers.forEach((name, number) -> values.put(name, List.of(number)));
        return new Parameters(values);
    }

    public Set<String> names() {
        return values.keySet();
    }

    /**
     * A single number that is there.
     *
     * @throws NullPointerException if it is not
     */
    public double number(String name) {
        return numbers(name).get(0);
    }

    int whole(String name) {
        return (int) number(name);
    }

    /**
     * A list of numbers that is there.
     *
     * @throws NullPointerException if it is not
     */
    public List<Double> numbers(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    /** A single number, or what stands for it where nothing is written. */
    public double number(String name, double otherwise) {
        return values.containsKey(name) ? number(name) : otherwise;
    }
}
