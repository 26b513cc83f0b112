package dev.tidewheel.feature.replay;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;

/** What a block may tell wrongly, to see that the check would notice. */
enum PlayerMistake {
    /** A copy counts again. */
    FORGETS_IDS,
    /** What is taken away is added. */
    ADDS_WHAT_IS_TAKEN_AWAY,
    /** A change counts one tile too early. */
    MISSES_THE_TILE,
    /** A change is visible a millisecond too early. */
    KNOWS_TOO_EARLY,
    /** Nothing is late. */
    TAKES_LATE_CHANGES,
    /** A null counts as 0, or as an empty text. */
    COUNTS_NULLS,
    /** Values are off by the last bit. */
    ROUNDS;

    /** The block as it should not be. */
    KeyBlock made(KeyBlock right) {
        PlayerMistake mistake = this;
        return new KeyBlock() {
            @Override
            public int size() {
                return right.size();
            }

            @Override
            public boolean isRetraction(int number) {
                return mistake != ADDS_WHAT_IS_TAKEN_AWAY && right.isRetraction(number);
            }

            @Override
            public EventId id(int number) {
                return right.id(number);
            }

            @Override
            public long eventTime(int number) {
                return right.eventTime(number) - (mistake == MISSES_THE_TILE ? 300_000 : 0);
            }

            @Override
            public long knownTime(int number) {
                return mistake == TAKES_LATE_CHANGES
                        ? Math.min(right.knownTime(number), right.eventTime(number) + 1)
                        : right.knownTime(number);
            }

            @Override
            public long visibleAt(int number) {
                return right.visibleAt(number) - (mistake == KNOWS_TOO_EARLY ? 1 : 0);
            }

            @Override
            public boolean sharesId(int number) {
                return mistake != FORGETS_IDS && right.sharesId(number);
            }

            @Override
            public boolean isNull(int number, int slot) {
                return mistake != COUNTS_NULLS && right.isNull(number, slot);
            }

            @Override
            public long word(int number, int slot) {
                return right.word(number, slot) ^ (mistake == ROUNDS ? 1 : 0);
            }

            @Override
            public String string(int number, int slot) {
                return right.isNull(number, slot) ? "" : right.string(number, slot);
            }

            @Override
            public Change change(int number) {
                return right.change(number);
            }
        };
    }
}
