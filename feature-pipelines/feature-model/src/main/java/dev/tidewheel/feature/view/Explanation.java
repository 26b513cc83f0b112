package dev.tidewheel.feature.view;

import dev.tidewheel.feature.change.EventId;
import java.util.List;
import java.util.Objects;

/**
 * One value taken apart.
 *
 * @param feature the feature's name
 * @param t the read's time
 * @param from the first event time of the window; {@link Long#MIN_VALUE} for a lifetime
 * @param value the value as text, {@code "null"} if there is none
 * @param status what it is worth
 * @param reason one sentence: what the value is made of, or why there is none
 * @param parts the tiles, ascending, then the raw changes, by visibleAt
 */
public record Explanation(
        String feature, long t, long from, String value, Status status, String reason, List<Part> parts) {
    public Explanation {
        Objects.requireNonNull(feature, "feature");
        Objects.requireNonNull(status, "status");
        parts = List.copyOf(parts);
    }

    /** Something that the value is merged from. */
    public sealed interface Part {
        /** What it holds, for people. */
        String holds();
    }

    /**
     * A tile: its changes cannot be told apart any more.
     *
     * @param start its first event time
     * @param hopMillis its width; {@link Long#MAX_VALUE} for a lifetime
     * @param holds its partial aggregate
     */
    public record Tile(long start, long hopMillis, String holds) implements Part {}

    /**
     * A change that is still raw.
     *
     * @param id the change's
     * @param retraction whether it takes its row away
     * @param eventTime the change's
     * @param visibleAt the change's
     * @param holds its partial aggregate
     */
    public record RawChange(EventId id, boolean retraction, long eventTime, long visibleAt, String holds)
            implements Part {}
}
