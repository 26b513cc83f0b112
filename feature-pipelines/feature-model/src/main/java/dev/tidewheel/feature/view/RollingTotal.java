package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.window.Window;

/** One partial over one window: everything from a first tile on, which only moves forward. Mutable, not thread-safe. */
final class RollingTotal {
    private final Window window;
    private final int partial;
    private final int input;
    private final Partial<?> kind;
    private Accumulator<?> held;
    private long firstTile = Long.MIN_VALUE;

    /**
     * @param partial its number in the tier
     */
    RollingTotal(Window window, int partial, Tier.Slot slot) {
        this.window = window;
        this.partial = partial;
        this.input = slot.input();
        this.kind = slot.partial();
        this.held = kind.create();
    }

    Window window() {
        return window;
    }

    int partial() {
        return partial;
    }

    int input() {
        return input;
    }

    Accumulator<?> held() {
        return held;
    }

    long firstTile() {
        return firstTile;
    }

    void subtract(Accumulator<?> tile) {
        kind.subtract(held, tile);
    }

    void restart() {
        held = kind.create();
    }

    void moveTo(long tile) {
        firstTile = tile;
    }
}
