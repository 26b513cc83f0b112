package dev.tidewheel.history.backfill;

import java.time.Instant;

/** Times for people. */
final class Times {
    private Times() {}

    static String text(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
