package dev.tidewheel.history.source;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;

/** Some changes of a history, where they stand. */
final class HistoryBlock implements KeyBlock {
    private final ChangeHistory history;
    private final int[] changes;
    private final int first;
    private final int size;

    /**
     * @param changes numbers of the history, from the first on ascending; kept, and not to be changed
     */
    HistoryBlock(ChangeHistory history, int[] changes, int first, int size) {
        this.history = history;
        this.changes = changes;
        this.first = first;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isRetraction(int number) {
        return history.isRetraction(changes[first + number]);
    }

    @Override
    public EventId id(int number) {
        return history.id(changes[first + number]);
    }

    @Override
    public long eventTime(int number) {
        return history.eventTime(changes[first + number]);
    }

    @Override
    public long knownTime(int number) {
        return history.knownTime(changes[first + number]);
    }

    @Override
    public boolean isNull(int number, int slot) {
        return history.isNull(changes[first + number], slot);
    }

    @Override
    public long word(int number, int slot) {
        return history.word(changes[first + number], slot);
    }

    @Override
    public String string(int number, int slot) {
        return history.string(changes[first + number], slot);
    }

    @Override
    public long visibleAt(int number) {
        return history.visibleAt(changes[first + number]);
    }

    @Override
    public boolean sharesId(int number) {
        return history.sharesId(changes[first + number]);
    }

    @Override
    public Change change(int number) {
        return history.change(changes[first + number]);
    }
}
