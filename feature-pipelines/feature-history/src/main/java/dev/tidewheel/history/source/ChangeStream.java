package dev.tidewheel.history.source;

import dev.tidewheel.definitions.RecordTime;
import java.util.List;
import java.util.Objects;

/**
 * How a source tells of rows that change.
 *
 * @param time which of its own times a change was known at
 * @param key the columns of the primary key, if the row before is the last one of its key; empty if records bring it
 */
public record ChangeStream(RecordTime time, List<String> key) {
    public ChangeStream {
        Objects.requireNonNull(time, "time");
        key = List.copyOf(key);
    }
}
