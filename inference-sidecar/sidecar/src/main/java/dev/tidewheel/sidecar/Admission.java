package dev.tidewheel.sidecar;

import dev.tidewheel.runtime.clock.Clock;
import org.jspecify.annotations.Nullable;

/** Stamps the time of a request, once. Thread-safe. */
sealed interface Admission {
    /** In story mode: the time that a request asks for, epoch milliseconds. */
    String TIME_HEADER = "x-tidewheel-time";

    /**
     * The time of a request.
     *
     * @param asked the time header, if it came
     * @throws RequestProblem if the header is not admissible
     */
    long admit(@Nullable String asked);

    /** By the wall's clock; callers cannot choose. */
    record Wall(Clock clock) implements Admission {
        @Override
        public long admit(@Nullable String asked) {
            if (asked != null) {
                throw RequestProblem.badRequest(
                        "header " + TIME_HEADER + " is for clock: story; this sidecar runs clock: wall");
            }
            return clock.now();
        }
    }

    /** By a story's clock; the caller may say a later moment within the tick, never an earlier one. */
    record Story(Clock clock) implements Admission {
        @Override
        public long admit(@Nullable String asked) {
            long now = now();
            if (asked == null) {
                return now;
            }
            long t = parse(asked);
            if (t < now) {
                throw new RequestProblem(
                        409,
                        "story time is " + now + " already and never goes back; " + TIME_HEADER + " asked for " + t);
            }
            return t;
        }

        private long now() {
            try {
                return clock.now();
            } catch (IllegalStateException e) {
                throw RequestProblem.unavailable(e.getMessage() == null ? "story time has not begun" : e.getMessage());
            }
        }

        private static long parse(String asked) {
            try {
                return Long.parseLong(asked.trim());
            } catch (NumberFormatException e) {
                throw RequestProblem.badRequest(TIME_HEADER + " is '" + asked + "'; send epoch milliseconds");
            }
        }
    }
}
