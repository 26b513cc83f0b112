package dev.tidewheel.history.source;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;

/** Some changes of a history, where they stand. */
final class HistoryBlock implements KeyBlock {
    private final ChangeHistory history;
    private final int[] changes;

    /**
     * @param changes numbers of the history, ascending
     */
    HistoryBlock(ChangeHistory history, int[] changes) {
        this.history = history;
        this.changes = changes.clone();
    }

    @Override
    public int size() {
        return changes.length;
    }

    @Override
    public boolean isRetraction(int number) {
        return history.isRetraction(changes[number]);
    }

    @Override
    public EventId id(int number) {
        return history.id(changes[number]);
    }

    @Override
    public long eventTime(int number) {
        return history.eventTime(changes[number]);
    }

    @Override
    public long knownTime(int number) {
        return history.knownTime(changes[number]);
    }

    @Override
    public boolean isNull(int number, int slot) {
        return history.isNull(changes[number], slot);
    }

    @Override
    public long word(int number, int slot) {
        return history.word(changes[number], slot);
    }

    @Override
    public String string(int number, int slot) {
        return history.string(changes[number], slot);
    }

    @Override
    public long visibleAt(int number) {
        return history.visibleAt(changes[number]);
    }

    @Override
    public boolean sharesId(int number) {
        return history.sharesId(changes[number]);
    }

    @Override
    public Change change(int number) {
        return history.change(changes[number]);
    }
}
