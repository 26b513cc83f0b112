package dev.tidewheel.history.source;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.UnionRows;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What makes the changes of a source themselves. Immutable and thread-safe. */
public final class EventIds {
    private final SourceColumns columns;
    private final Channels channels;

    public EventIds(SourceColumns columns, Channels channels) {
        this.columns = columns;
        this.channels = channels;
    }

    EventId of(int channel, long offset, @Nullable ColumnBuffer declared, int row) {
        if (declared == null) {
            return position(channel, offset);
        }
        return declared.isString() ? of(channel, offset, declared.string(row)) : EventId.of(declared.word(row));
    }

    /**
     * The id of a change whose source declares texts, or is a union.
     *
     * @param declared empty where a union's member declares none
     */
    public EventId of(int channel, long offset, String declared) {
        if (!columns.isUnion()) {
            return EventId.of(declared);
        }
        SourceColumns.Member member = columns.members().get(channels.place(channel));
        Optional<ColumnType> type = member.eventId();
        return type.isPresent()
                ? UnionRows.id(member.source(), type.get() == ColumnType.STRING, declared)
                : position(channel, offset);
    }

    /** The id of a change whose source declares none. */
    public EventId position(int channel, long offset) {
        return EventId.of(channels.topic(channel), channels.partition(channel), offset);
    }
}
