package dev.tidewheel.history.values;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.EventIds;
import dev.tidewheel.history.spill.KeyMerge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/**
 * The changes of the key that a merge stands at, read while they are asked for: one after the other, none again. How many
 * there are shows only at their end, so it says as many as there can be, and those behind the last are never visible. Not
 * thread-safe.
 */
final class StreamedKey implements KeyBlock {
    private final ViewColumns columns;
    private final EventIds ids;
    private final KeyMerge changes;
    private final Set<Long> repeatedMarks;
    private int at = -1;
    private boolean ended;

    /**
     * @param changes stands before the key's first
     * @param repeatedMarks the marks that more than one change has
     */
    StreamedKey(ViewColumns columns, EventIds ids, KeyMerge changes, Set<Long> repeatedMarks) {
        this.columns = columns;
        this.ids = ids;
        this.changes = changes;
        this.repeatedMarks = repeatedMarks;
    }

    @Override
    public int size() {
        return Integer.MAX_VALUE;
    }

    /** @throws UncheckedIOException if what was spilled cannot be read */
    @Override
    public long visibleAt(int number) {
        if (number != at) {
            next(number);
        }
        return ended ? Long.MAX_VALUE : changes.moment();
    }

    private void next(int number) {
        if (number != at + 1) {
            throw new IllegalStateException("a key is read forward: change " + number + " was asked for at " + at);
        }
        try {
            ended = !changes.nextRow();
            at++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long eventTime(int number) {
        return changes.word(ViewColumns.EVENT_TIME);
    }

    @Override
    public long knownTime(int number) {
        return changes.word(ViewColumns.KNOWN_TIME);
    }

    @Override
    public boolean isNull(int number, int slot) {
        return changes.isNull(columns.placeOf(slot));
    }

    @Override
    public long word(int number, int slot) {
        return changes.word(columns.placeOf(slot));
    }

    @Override
    public String string(int number, int slot) {
        return changes.string(columns.placeOf(slot));
    }

    @Override
    public boolean isRetraction(int number) {
        return ChangePlace.isRetraction(changes.place());
    }

    @Override
    public EventId id(int number) {
        long offset = ChangePlace.offset(changes.place());
        if (!columns.declaresIds()) {
            return ids.position(changes.channel(), offset);
        }
        if (!columns.hasTextIds()) {
            return EventId.of(changes.word(ViewColumns.ID));
        }
        String declared = changes.isNull(ViewColumns.ID) ? "" : changes.string(ViewColumns.ID);
        return ids.of(changes.channel(), offset, declared);
    }

    @Override
    public boolean sharesId(int number) {
        return columns.declaresIds() && !repeatedMarks.isEmpty() && repeatedMarks.contains(mark());
    }

    /** As {@link ViewColumns#marks} has it. */
    private long mark() {
        long place = changes.place();
        boolean retraction = ChangePlace.isRetraction(place);
        if (changes.isNull(ViewColumns.ID)) {
            return ChangePlace.mark(changes.channel(), ChangePlace.offset(place), retraction);
        }
        return columns.hasTextIds()
                ? ChangePlace.mark(changes.string(ViewColumns.ID), retraction)
                : ChangePlace.mark(changes.word(ViewColumns.ID), retraction);
    }

    @Override
    public Change change(int number) {
        return new Change(isRetraction(number), id(number), eventTime(number), knownTime(number), row());
    }

    private Row row() {
        Row row = new Row(columns.source().schema().size());
        for (int n = 0; n < columns.read(); n++) {
            int place = columns.place(n);
            int slot = columns.slot(n);
            if (changes.isNull(place)) {
                continue;
            }
            if (columns.source().schema().column(slot).type().isText()) {
                row.setString(slot, changes.string(place));
            } else {
                row.setLong(slot, changes.word(place));
            }
        }
        return row;
    }
}
