package dev.tidewheel.definitions.problem;

import java.util.Comparator;
import java.util.Objects;

/**
 * One thing that is wrong. Printed as {@code file:line:column code message}.
 *
 * @param file relative to the folder that was loaded
 * @param line from 1
 * @param column from 1
 * @param code what kind of wrong; documented in {@code docs/definitions.md}
 * @param message what is wrong and what to write instead
 */
public record Problem(String file, int line, int column, ProblemCode code, String message)
        implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::code)
            .thenComparing(Problem::message);

    public Problem {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
    }

    /** A problem at a place. */
    public static Problem at(Place place, ProblemCode code, String message) {
        return new Problem(place.file(), place.line(), place.column(), code, message);
    }

    @Override
    public int compareTo(Problem that) {
        return ORDER.compare(this, that);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column + " " + code + " " + message;
    }
}
