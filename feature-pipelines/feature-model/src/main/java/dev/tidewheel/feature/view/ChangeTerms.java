package dev.tidewheel.feature.view;

import dev.tidewheel.feature.row.Row;
import java.util.Arrays;
import java.util.List;

/**
 * What one change adds to partials that are {@linkplain dev.tidewheel.feature.aggregate.Partial#terms terms}: read once for
 * all tiers that hold the same partials. Mutable, not thread-safe.
 */
final class ChangeTerms {
    private final Tier.Slot[] slots;
    private final int[] first; // by slot, and behind the last: how many there are
    private final long[] words;
    private boolean any;

    ChangeTerms(List<Tier.Slot> slots) {
        this.slots = slots.toArray(Tier.Slot[]::new);
        this.first = new int[slots.size() + 1];
        for (int slot = 0; slot < slots.size(); slot++) {
            first[slot + 1] = first[slot] + slots.get(slot).partial().terms();
        }
        this.words = new long[width()];
    }

    /** How many there are. */
    int width() {
        return first[slots.length];
    }

    /** Where those of a slot begin. */
    int first(int slot) {
        return first[slot];
    }

    /** Reads those of a change; of a retraction, what it takes away. */
    void read(Row inputs, boolean retraction) {
        any = false;
        Arrays.fill(words, 0);
        for (int slot = 0; slot < slots.length; slot++) {
            int input = slots[slot].input();
            if (!inputs.isNull(input)) {
                slots[slot].partial().readTerms(inputs, input, words, first[slot]);
                any = true;
            }
        }
        for (int term = 0; retraction && term < words.length; term++) {
            words[term] = -words[term];
        }
    }

    /** Whether the change counts for any of the partials. */
    boolean any() {
        return any;
    }

    /** Adds them to as many numbers. */
    void addTo(long[] numbers, int at) {
        for (int term = 0; term < words.length; term++) {
            numbers[at + term] += words[term];
        }
    }
}
