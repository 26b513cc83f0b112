package dev.tidewheel.feature.aggregate;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A number, or a list of numbers, that tunes an aggregate.
 *
 * @param name as users write it
 * @param meaning what it tunes, with its unit
 * @param form what is written
 * @param byDefault the value when nothing is written; empty if something must be
 * @param example what to write, for documentation and messages
 * @param least the smallest allowed number
 * @param greatest the greatest allowed number
 */
public record Parameter(
        String name,
        String meaning,
        Form form,
        List<Double> byDefault,
        List<Double> example,
        double least,
        double greatest) {

    /** What a parameter looks like. */
    public enum Form {
        /** One number. */
        NUMBER,
        /** One number without a fraction. */
        WHOLE,
        /** Ascending numbers: at least two, at most {@value #MOST_NUMBERS}. */
        ASCENDING
    }

    /** Each number of a list may cost bytes in every tile. */
    static final int MOST_NUMBERS = 1_000;

    public Parameter {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(meaning, "meaning");
        Objects.requireNonNull(form, "form");
        byDefault = List.copyOf(byDefault);
        example = List.copyOf(example);
        for (double value : byDefault.isEmpty() ? example : byDefault) {
            if (!(least <= value && value <= greatest)) {
                throw new IllegalArgumentException(name + ": " + value + " lies outside " + least + " to " + greatest);
            }
        }
    }

    static Parameter number(String name, String meaning, double byDefault, double least, double greatest) {
        return new Parameter(name, meaning, Form.NUMBER, List.of(byDefault), List.of(byDefault), least, greatest);
    }

    static Parameter whole(String name, String meaning, long byDefault, long least, long greatest) {
        List<Double> value = List.of((double) byDefault);
        return new Parameter(name, meaning, Form.WHOLE, value, value, least, greatest);
    }

    static Parameter required(String name, String meaning, double example, double least, double greatest) {
        return new Parameter(name, meaning, Form.NUMBER, List.of(), List.of(example), least, greatest);
    }

    static Parameter ascending(String name, String meaning, List<Double> example) {
        return new Parameter(name, meaning, Form.ASCENDING, List.of(), example, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    /** Whether something must be written. */
    public boolean isRequired() {
        return byDefault.isEmpty();
    }

    List<Double> check(List<Double> values) {
        if (form == Form.ASCENDING) {
            checkAscending(values);
        } else if (values.size() != 1) {
            throw new IllegalArgumentException(name + " is one number, got " + text(values));
        }
        values.forEach(this::check);
        return values;
    }

    private void checkAscending(List<Double> values) {
        if (values.size() < 2) {
            throw new IllegalArgumentException(name + " is a list of at least 2 numbers, got " + text(values));
        }
        if (values.size() > MOST_NUMBERS) {
            throw new IllegalArgumentException(
                    name + " is a list of at most " + MOST_NUMBERS + " numbers, got " + values.size());
        }
        for (int i = 1; i < values.size(); i++) {
            if (!(values.get(i - 1) < values.get(i))) {
                throw new IllegalArgumentException(
                        name + " must ascend, got " + text(values.get(i)) + " behind " + text(values.get(i - 1)));
            }
        }
    }

    private void check(double value) {
        if (!(value >= least && value <= greatest)) {
            throw new IllegalArgumentException(
                    name + " lies between " + text(least) + " and " + text(greatest) + ", got " + text(value));
        }
        if (form == Form.WHOLE && value != StrictMath.rint(value)) {
            throw new IllegalArgumentException(name + " is a whole number, got " + text(value));
        }
    }

    IllegalArgumentException missing(String aggregate) {
        return new IllegalArgumentException(aggregate + " needs the parameter '" + name + "' (" + meaning
                + "): write 'parameters: {" + name + ": " + text(example) + "}'");
    }

    /** The range and the default, for documentation: {@code from 0.0 to 1.0, 0.5 if not written}. */
    public String range() {
        String range = form == Form.ASCENDING
                ? "2 to " + MOST_NUMBERS + " ascending numbers"
                : "from " + text(least) + " to " + text(greatest);
        return isRequired() ? range + ", must be written" : range + ", " + text(byDefault) + " if not written";
    }

    private String text(List<Double> values) {
        return values.size() == 1 && form != Form.ASCENDING
                ? text(values.get(0))
                : values.stream().map(this::text).collect(Collectors.joining(", ", "[", "]"));
    }

    private String text(double value) {
        return form == Form.WHOLE && value == StrictMath.rint(value)
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
