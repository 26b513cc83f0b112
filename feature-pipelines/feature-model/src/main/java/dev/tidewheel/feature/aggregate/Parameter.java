package dev.tidewheel.feature.aggregate;

import java.util.Objects;

/**
 * A number that tunes an aggregate.
 *
 * @param name as users write it
 * @param byDefault the value when nothing is written
 * @param least the smallest allowed value
 * @param greatest the greatest allowed value
 * @param whole whether only whole numbers are allowed
 */
public record Parameter(String name, double byDefault, double least, double greatest, boolean whole) {
    public Parameter {
        Objects.requireNonNull(name, "name");
        if (!(least <= byDefault && byDefault <= greatest)) {
            throw new IllegalArgumentException(name + ": " + byDefault + " lies outside " + least + " to " + greatest);
        }
    }

    double check(double value) {
        if (!(value >= least && value <= greatest)) {
            throw new IllegalArgumentException(
                    name + " lies between " + text(least) + " and " + text(greatest) + ", got " + text(value));
        }
        if (whole && value != StrictMath.rint(value)) {
            throw new IllegalArgumentException(name + " is a whole number, got " + text(value));
        }
        return value;
    }

    private String text(double value) {
        return whole && value == StrictMath.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
