package dev.tidewheel.history.training;

import java.util.Objects;

/**
 * One file of a training set.
 *
 * @param name within the set's folder
 * @param split the part of the set that its rows belong to
 * @param rows how many
 * @param digest {@code sha256:…} of its bytes
 */
public record SetFile(String name, String split, long rows, String digest) {
    public SetFile {
        if (!name.matches("[a-z0-9_-]+\\.parquet")) {
            throw new IllegalArgumentException("'" + name + "' is no file of a training set");
        }
        Objects.requireNonNull(split, "split");
        Objects.requireNonNull(digest, "digest");
    }
}
