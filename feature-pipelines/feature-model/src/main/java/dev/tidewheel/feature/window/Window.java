package dev.tidewheel.feature.window;

/**
 * Which event times a value looks back over. All times in milliseconds. What counts at t is always a function of the set
 * of changes that are visible at t; the order of arrival never decides.
 */
public sealed interface Window {
    /** The width of the one tile that a window without a tail has. */
    long ENDLESS = Long.MAX_VALUE;

    /** The width of the tiles that it is made of, aligned to the epoch; {@link #ENDLESS} for a single one. */
    long tileMillis();

    /** The first tile that a value at t may need is the one that holds t minus this; {@link #ENDLESS} without a tail. */
    long reachMillis();

    /** The first event time that a value at t may cover; {@link Long#MIN_VALUE} without a tail. */
    long from(long t);

    /** A value at t covers no event time from here on: t itself, or where the last complete window ends. */
    default long to(long t) {
        return t;
    }

    /** A value at t depends on no event time before t minus this; {@link Long#MAX_VALUE} if it may depend on any. */
    default long lookBackMillis() {
        return reachMillis() == ENDLESS ? Long.MAX_VALUE : reachMillis() + tileMillis();
    }

    /**
     * The last {@code lengthMillis}, with the tail rounded down to a tile edge: a value at t covers event times in
     * [floor_h(t − w), t) with h = {@code resolutionMillis}.
     */
    record Sliding(long lengthMillis, long resolutionMillis) implements Window {
        public Sliding {
            positive("a window needs a positive length", lengthMillis, " ms");
            if (resolutionMillis <= 0 || resolutionMillis > lengthMillis) {
                throw new IllegalArgumentException(
                        "a resolution lies in (0, " + lengthMillis + "] ms, got " + resolutionMillis + " ms");
            }
        }

        /** With the default resolution: the largest of 5 min, 1 h, 6 h, 1 d that is at most w/12; below that w/12 ms. */
        public static Sliding of(long lengthMillis) {
            return new Sliding(lengthMillis, Tiles.defaultResolution(lengthMillis));
        }

        @Override
        public long tileMillis() {
            return resolutionMillis;
        }

        @Override
        public long reachMillis() {
            return lengthMillis;
        }

        @Override
        public long from(long t) {
            return Tiles.floor(Tiles.before(t, lengthMillis), resolutionMillis);
        }
    }

    /**
     * The last {@code lengthMillis} to the millisecond: a value at t covers event times in [t − w, t). The rows themselves
     * are kept, at most {@code maxEvents}. With h the default resolution of the length, a value is TRUNCATED at t iff more
     * than that many visible changes that count, additions and retractions alike, have event times in
     * [floor_h(t − w), t).
     */
    record Exact(long lengthMillis, int maxEvents) implements Window {
        /** What {@code maxEvents} is by default. */
        public static final int DEFAULT_EVENTS = 1_000;

        public Exact {
            positive("a window needs a positive length", lengthMillis, " ms");
            positive("an exact window keeps at least one event", maxEvents, "");
        }

        @Override
        public long tileMillis() {
            return Tiles.defaultResolution(lengthMillis);
        }

        @Override
        public long reachMillis() {
            return lengthMillis;
        }

        @Override
        public long from(long t) {
            return Tiles.before(t, lengthMillis);
        }
    }

    /**
     * The last complete one of the windows that end every {@code hopMillis}, aligned to the epoch: a value at t covers
     * event times in [floor_hop(t) − w, floor_hop(t)). Tumbling if hop and length are equal. What becomes known later still
     * corrects it.
     */
    record Hopping(long lengthMillis, long hopMillis) implements Window {
        public Hopping {
            positive("a window needs a positive length", lengthMillis, " ms");
            if (hopMillis <= 0 || hopMillis > lengthMillis) {
                throw new IllegalArgumentException(
                        "a hop lies in (0, " + lengthMillis + "] ms, got " + hopMillis + " ms");
            }
        }

        /** The greatest that divides both length and hop. */
        @Override
        public long tileMillis() {
            return Tiles.greatestCommonDivisor(lengthMillis, hopMillis);
        }

        @Override
        public long reachMillis() {
            return lengthMillis + hopMillis - tileMillis();
        }

        @Override
        public long from(long t) {
            return Tiles.before(to(t), lengthMillis);
        }

        @Override
        public long to(long t) {
            return Tiles.floor(t, hopMillis);
        }
    }

    /**
     * The session that is open: the trailing run of the view's visible events in [floor_gap(t − maxLength), t) whose event
     * times lie at most {@code gapMillis} apart, if the last one lies at most that before t; nothing otherwise. Every event
     * that the view applies keeps a session open, also one that a feature's own filter leaves out.
     *
     * <p>Tiles are as wide as the gap: what shares a tile is never further apart, so a session never begins inside one.
     */
    record Session(long gapMillis, long maxLengthMillis) implements Window {
        public Session {
            positive("a session needs a positive gap", gapMillis, " ms");
            if (maxLengthMillis < gapMillis) {
                throw new IllegalArgumentException("a session may last at least its gap of " + gapMillis
                        + " ms, got a greatest length of " + maxLengthMillis + " ms");
            }
        }

        @Override
        public long tileMillis() {
            return gapMillis;
        }

        @Override
        public long reachMillis() {
            return maxLengthMillis;
        }

        @Override
        public long from(long t) {
            return Tiles.floor(Tiles.before(t, maxLengthMillis), gapMillis);
        }
    }

    /** The last {@code count} rows that count for the feature, by (eventTime, event id), however old. */
    record Rows(int count) implements Window {
        public Rows {
            positive("a window of rows holds at least one", count, "");
        }

        @Override
        public long tileMillis() {
            return ENDLESS;
        }

        @Override
        public long reachMillis() {
            return ENDLESS;
        }

        @Override
        public long from(long t) {
            return Long.MIN_VALUE;
        }
    }

    /** Everything since the beginning. */
    record Lifetime() implements Window {
        @Override
        public long tileMillis() {
            return ENDLESS;
        }

        @Override
        public long reachMillis() {
            return ENDLESS;
        }

        @Override
        public long from(long t) {
            return Long.MIN_VALUE;
        }
    }

    private static void positive(String what, long value, String unit) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + ", got " + value + unit);
        }
    }
}
