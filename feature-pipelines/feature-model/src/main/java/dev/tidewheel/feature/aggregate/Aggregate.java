package dev.tidewheel.feature.aggregate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An aggregate that users can name, with all that its documentation says; what depends on the input's type (the result's
 * type, the promise, whether it retracts, bytes) is told by {@link #example}. Immutable and thread-safe.
 *
 * @param name as users write it
 * @param meaning one sentence for users
 * @param of what it aggregates
 * @param by its second input
 * @param empty the value of an empty window
 * @param overTime whether it divides by the time that the window covers, so that the window must have a beginning in time
 * @param parameters what may tune it
 * @param binder how it fits itself to an input
 */
public record Aggregate(
        String name,
        String meaning,
        Input of,
        Input by,
        String empty,
        boolean overTime,
        List<Parameter> parameters,
        Binder binder) {

    /** Fits an aggregate to an input. */
    @FunctionalInterface
    public interface Binder {

        /**
         * @param input types that the aggregate takes; the bucket is not its concern
         * @param parameters a checked value for every parameter of the aggregate
         */
        BoundAggregate<?> bind(Operands input, Parameters parameters);
    }

    public Aggregate {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(meaning, "meaning");
        Objects.requireNonNull(of, "of");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(empty, "empty");
        parameters = List.copyOf(parameters);
        Objects.requireNonNull(binder, "binder");
    }

    /** Of one input and without parameters; null when nothing counts. */
    static Aggregate of(String name, String meaning, Input of, Binder binder) {
        return new Aggregate(name, meaning, of, Input.none(), "null", false, List.of(), binder);
    }

    Aggregate by(Input input) {
        return new Aggregate(name, meaning, of, input, empty, overTime, parameters, binder);
    }

    Aggregate empty(String value) {
        return new Aggregate(name, meaning, of, by, value, overTime, parameters, binder);
    }

    Aggregate overTime(boolean covered) {
        return new Aggregate(name, meaning, of, by, empty, covered, parameters, binder);
    }

    Aggregate with(Parameter... tuned) {
        return new Aggregate(name, meaning, of, by, empty, overTime, List.of(tuned), binder);
    }

    /**
     * Fits the aggregate to an input.
     *
     * @param input the types of what is aggregated
     * @param given parameters as the user wrote them; the others take their defaults
     * @throws IllegalArgumentException if the input or a parameter is wrong; the message says what to write instead
     */
    public BoundAggregate<?> bind(Operands input, Parameters given) {
        of.checkOf(name, input.of());
        by.checkBy(name, input.by());
        Parameters complete = complete(given, parameters(input.bucket().isPresent()));
        BoundAggregate<?> one = binder.bind(input, complete);
        if (input.bucket().isPresent() && one.partial().takesNulls()) {
            throw new IllegalArgumentException(name + " is of one row, which has no categories: take 'bucket' out");
        }
        return input.bucket().isEmpty()
                ? one
                : BucketPartial.bind(one, input.bucket().get(), complete.whole(BucketPartial.LIMIT.name()));
    }

    /** The aggregate's own parameters, and that of categories where there are any. */
    public List<Parameter> parameters(boolean byCategory) {
        List<Parameter> taken = new ArrayList<>(parameters);
        if (byCategory) {
            taken.add(BucketPartial.LIMIT);
        }
        return taken;
    }

    /** Fits the aggregate to an input, with single numbers as parameters. */
    public BoundAggregate<?> bind(Operands input, Map<String, Double> given) {
        return bind(input, Parameters.of(given));
    }

    /** Every combination of inputs that it takes: each type of {@code of} with each of {@code by}. */
    public List<Operands> operands() {
        List<Operands> all = new ArrayList<>();
        for (Optional<dev.tidewheel.feature.row.ColumnType> first : of.choices()) {
            by.choices().forEach(second -> all.add(new Operands(first, second)));
        }
        return all;
    }

    /** Bound with its default parameters, and the examples of those that have none. */
    public BoundAggregate<?> example(Operands input) {
        Map<String, List<Double>> written = new HashMap<>();
        parameters.stream()
                .filter(Parameter::isRequired)
                .forEach(parameter -> written.put(parameter.name(), parameter.example()));
        return bind(input, new Parameters(written));
    }

    private Parameters complete(Parameters given, List<Parameter> taken) {
        Map<String, List<Double>> values = new HashMap<>();
        for (Parameter parameter : taken) {
            List<Double> written = given.values().getOrDefault(parameter.name(), parameter.byDefault());
            if (written.isEmpty() && !given.names().contains(parameter.name())) {
                throw parameter.missing(name);
            }
            values.put(parameter.name(), parameter.check(written));
        }
        for (String written : given.names()) {
            if (!values.containsKey(written)) {
                throw new IllegalArgumentException(name + " has no parameter '" + written + "'; it takes "
                        + (taken.isEmpty() ? "none" : names(taken)) + bucketHint(written));
            }
        }
        return new Parameters(values);
    }

    private static String bucketHint(String written) {
        return written.equals(BucketPartial.LIMIT.name()) ? "; for categories write 'bucket: <expression>' too" : "";
    }

    private static String names(List<Parameter> taken) {
        return taken.stream().map(Parameter::name).collect(Collectors.joining(", "));
    }
}
