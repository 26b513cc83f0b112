package dev.tidewheel.history.source;

import java.util.Objects;

/**
 * What of a source may not be read any more, because it told of entities that were erased.
 *
 * @param rows how many
 * @param version {@code sha256:…} of their places, so that another list has another version; of whom they told it says nothing
 */
public record Erased(long rows, String version) {
    public Erased {
        Objects.requireNonNull(version, "version");
    }
}
