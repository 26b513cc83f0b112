package dev.tidewheel.lifecycle.replay;

import java.util.Optional;

/**
 * What a replay found.
 *
 * @param events in the inbox
 * @param same decisions that were computed again with the same bytes
 * @param waiting events at the inbox's end that are not decided yet
 * @param unusable events that became dead letters instead of decisions
 * @param difference the first one, for people; the replay ends there
 */
public record ReplayReport(long events, long same, long waiting, long unusable, Optional<String> difference) {
    ReplayReport plus(ReplayReport other) {
        return new ReplayReport(
                events + other.events,
                same + other.same,
                waiting + other.waiting,
                unusable + other.unusable,
                difference.or(other::difference));
    }

    /** One line, and the difference if there is one. */
    public String text() {
        String counts = events + " events: " + same + " decisions the same byte for byte, " + waiting
                + " not decided yet, " + unusable + " unusable";
        return difference.map(first -> counts + System.lineSeparator() + first).orElse(counts);
    }
}
