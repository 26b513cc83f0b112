package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import java.util.Objects;

/**
 * What makes a change a repetition of another, as a key of Flink's map state: the event's id, see
 * {@link dev.tidewheel.feature.change.EventId}, and whether it is taken away.
 *
 * @param retraction an addition and a retraction of one id are two changes
 * @param text of a string id
 * @param high of a position
 * @param low of an integer id or a position
 */
public record SeenId(boolean retraction, String text, long high, long low) {
    public SeenId {
        Objects.requireNonNull(text, "text");
    }

    static SeenId of(Change change) {
        return new SeenId(
                change.retraction(),
                change.id().text(),
                change.id().high(),
                change.id().low());
    }
}
