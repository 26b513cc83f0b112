package dev.tidewheel.feature.replay;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Changes of one key from a list; those that become visible at one moment stay in its order. */
final class ListBlock implements KeyBlock {
    private final List<Change> changes;
    private final Map<EventId, Long> copies;

    ListBlock(List<Change> changes) {
        this.changes = changes.stream()
                .sorted(Comparator.comparingLong(Change::visibleAt))
                .toList();
        this.copies = changes.stream().collect(Collectors.groupingBy(Change::id, Collectors.counting()));
    }

    @Override
    public int size() {
        return changes.size();
    }

    @Override
    public boolean isRetraction(int number) {
        return change(number).retraction();
    }

    @Override
    public EventId id(int number) {
        return change(number).id();
    }

    @Override
    public long eventTime(int number) {
        return change(number).eventTime();
    }

    @Override
    public long knownTime(int number) {
        return change(number).knownTime();
    }

    @Override
    public boolean isNull(int number, int slot) {
        return change(number).row().isNull(slot);
    }

    @Override
    public long word(int number, int slot) {
        return change(number).row().getLong(slot);
    }

    @Override
    public String string(int number, int slot) {
        return Objects.requireNonNull(change(number).row().getString(slot));
    }

    @Override
    public long visibleAt(int number) {
        return change(number).visibleAt();
    }

    @Override
    public boolean sharesId(int number) {
        return copies.get(id(number)) > 1;
    }

    @Override
    public Change change(int number) {
        return changes.get(number);
    }
}
