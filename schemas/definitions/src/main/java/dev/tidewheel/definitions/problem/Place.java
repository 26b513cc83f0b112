package dev.tidewheel.definitions.problem;

import java.util.Objects;

/**
 * Where something stands.
 *
 * @param file as the user named it
 * @param line from 1
 * @param column from 1, in code points
 */
public record Place(String file, int line, int column) {
    public Place {
        Objects.requireNonNull(file, "file");
    }

    /** The beginning of a file. */
    public static Place startOf(String file) {
        return new Place(file, 1, 1);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
