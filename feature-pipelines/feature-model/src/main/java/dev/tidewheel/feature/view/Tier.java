package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.window.Tiles;
import dev.tidewheel.feature.window.Window;
import java.util.List;

/**
 * Tiles of one width, and what each of them holds. A view's windows of equal width share a tier; windows without a tail
 * have one of a single tile. Immutable and thread-safe.
 */
final class Tier {

    /** A partial over one input of the {@link RowProgram}. */
    record Slot(Partial<?> partial, int input) {}

    private final long hopMillis;
    private final long longestMillis;
    private final List<Slot> partials;
    /** {@link Partial#numbers} of each: asked for every tile of every state that is read. */
    private final int[] numbers;

    /**
     * @param hopMillis the tiles' width; {@link Window#ENDLESS} for the single tile
     * @param longestMillis the farthest that a window of this tier reaches back
     * @param partials what a tile holds
     */
    Tier(long hopMillis, long longestMillis, List<Slot> partials) {
        this.hopMillis = hopMillis;
        this.longestMillis = longestMillis;
        this.partials = List.copyOf(partials);
        this.numbers =
                partials.stream().mapToInt(slot -> slot.partial().numbers()).toArray();
    }

    long hopMillis() {
        return hopMillis;
    }

    long longestMillis() {
        return longestMillis;
    }

    List<Slot> partials() {
        return partials;
    }

    boolean isLifetime() {
        return hopMillis == Window.ENDLESS;
    }

    /** The tile of an event time. */
    long tile(long eventTime) {
        return isLifetime() ? 0 : Tiles.index(eventTime, hopMillis);
    }

    /** The first event time of a tile; the beginning of time for a tile that begins before it. */
    long start(long tile) {
        return isLifetime() ? Long.MIN_VALUE : Tiles.start(tile, hopMillis);
    }

    /** The first tile that an exact read can still need, when no read before {@code t} is exact. */
    long firstNeeded(long t) {
        return isLifetime() || t == Long.MIN_VALUE ? Long.MIN_VALUE : tile(Tiles.before(t, longestMillis));
    }

    /** Whether an exact read at or after {@code t} can need an event time, which is in the given tile. */
    boolean isNeeded(long eventTime, long tile, long t) {
        // Most are new, and need no division.
        return eventTime >= Tiles.before(t, longestMillis) || tile >= firstNeeded(t);
    }

    /** Which of the partials tells sessions. */
    int span() {
        for (int i = 0; i < partials.size(); i++) {
            if (partials.get(i).partial() instanceof SpanPartial) {
                return i;
            }
        }
        throw new IllegalStateException("no session reads tiles of " + hopMillis + " ms");
    }

    /** How many tiles a key can have. */
    long mostTiles() {
        return isLifetime() ? 1 : longestMillis / hopMillis + 2;
    }

    /** How many bytes a tile begins with: a bit per partial that it holds. */
    int presenceBytes() {
        return (numbers.length + 7) / 8;
    }

    /**
     * Passes over a tile.
     *
     * @return whether it holds anything
     */
    boolean pass(ByteReader in) {
        byte[] bytes = in.array();
        int presence = in.position();
        in.skip(presenceBytes());
        boolean holds = false;
        for (int i = 0; i < numbers.length; i++) {
            if ((bytes[presence + i / 8] >> i % 8 & 1) != 0) {
                pass(i, in);
                holds = true;
            }
        }
        return holds;
    }

    private void pass(int partial, ByteReader in) {
        if (numbers[partial] == 0) {
            partials.get(partial).partial().skip(in);
        }
        for (int i = 0; i < numbers[partial]; i++) {
            in.skipNumber();
        }
    }
}
