package dev.tidewheel.feature.replay;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;

/** Changes that are there one at a time, in their order, and whose number nobody knows before their end. */
final class ForwardBlock implements KeyBlock {
    private final KeyBlock all;
    private int at = -1;

    ForwardBlock(KeyBlock all) {
        this.all = all;
    }

    @Override
    public int size() {
        return Integer.MAX_VALUE;
    }

    @Override
    public long visibleAt(int number) {
        if (number != at && number != at + 1) {
            throw new IllegalStateException("change " + number + " was asked for at " + at);
        }
        at = number;
        return number < all.size() ? all.visibleAt(number) : Long.MAX_VALUE;
    }

    private int current(int number) {
        if (number != at || number >= all.size()) {
            throw new IllegalStateException("change " + number + " was asked for at " + at + " of " + all.size());
        }
        return number;
    }

    @Override
    public boolean isRetraction(int number) {
        return all.isRetraction(current(number));
    }

    @Override
    public EventId id(int number) {
        return all.id(current(number));
    }

    @Override
    public long eventTime(int number) {
        return all.eventTime(current(number));
    }

    @Override
    public long knownTime(int number) {
        return all.knownTime(current(number));
    }

    @Override
    public boolean sharesId(int number) {
        return all.sharesId(current(number));
    }

    @Override
    public boolean isNull(int number, int slot) {
        return all.isNull(current(number), slot);
    }

    @Override
    public long word(int number, int slot) {
        return all.word(current(number), slot);
    }

    @Override
    public String string(int number, int slot) {
        return all.string(current(number), slot);
    }

    @Override
    public Change change(int number) {
        return all.change(current(number));
    }
}
