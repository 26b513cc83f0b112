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
