package dev.tidewheel.feature.aggregate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * An aggregate that users can name. Immutable and thread-safe.
 *
 * @param name as users write it
 * @param meaning one sentence for users
 * @param parameters what may tune it
 * @param binder how it fits itself to an input
 */
public record Aggregate(String name, String meaning, List<Parameter> parameters, Binder binder) {

    /** Fits an aggregate to an input. */
    @FunctionalInterface
    public interface Binder {

        /**
         * @param input the types of what is aggregated
         * @param parameters a checked value for every parameter of the aggregate
         * @throws IllegalArgumentException if the aggregate does not take such an input
         */
        BoundAggregate<?> bind(Operands input, Map<String, Double> parameters);
    }

    public Aggregate {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(meaning, "meaning");
        parameters = List.copyOf(parameters);
        Objects.requireNonNull(binder, "binder");
    }

    /**
     * Fits the aggregate to an input.
     *
     * @param input the types of what is aggregated
     * @param given parameters as the user wrote them; the others take their defaults
     * @throws IllegalArgumentException if the input or a parameter is wrong; the message says what to write instead
     */
    public BoundAggregate<?> bind(Operands input, Map<String, Double> given) {
        BoundAggregate<?> bound = binder.bind(input, complete(given));
        if (input.by().isPresent() && bound.partial().width() < 2) {
            throw new IllegalArgumentException(name + " has one input: take 'by' out");
        }
        return bound;
    }

    private Map<String, Double> complete(Map<String, Double> given) {
        Map<String, Double> values = new HashMap<>();
        for (Parameter parameter : parameters) {
            values.put(parameter.name(), parameter.check(given.getOrDefault(parameter.name(), parameter.byDefault())));
        }
        for (String written : given.keySet()) {
            if (!values.containsKey(written)) {
                throw new IllegalArgumentException(name + " has no parameter '" + written + "'; it takes "
                        + (parameters.isEmpty() ? "none" : names()));
            }
        }
        return values;
    }

    private String names() {
        return parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
    }
}
