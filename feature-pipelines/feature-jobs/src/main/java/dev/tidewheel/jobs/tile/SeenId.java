package dev.tidewheel.jobs.tile;

import java.util.Objects;

/**
 * An event's id as a key of Flink's map state; see {@link dev.tidewheel.feature.change.EventId}.
 *
 * @param text of a string id
 * @param high of a position
 * @param low of an integer id or a position
 */
public record SeenId(String text, long high, long low) {
    public SeenId {
        Objects.requireNonNull(text, "text");
    }
}
