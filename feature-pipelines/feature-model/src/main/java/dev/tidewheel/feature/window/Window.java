package dev.tidewheel.feature.window;

/** Which event times a value looks back over. All times in milliseconds. */
public sealed interface Window {

    /**
     * The last {@code lengthMillis}, with the tail rounded down to a tile edge: a value at t covers event times in
     * [floor_h(t − w), t) with h = {@code resolutionMillis}.
     */
    record Sliding(long lengthMillis, long resolutionMillis) implements Window {
        public Sliding {
            if (lengthMillis <= 0) {
                throw new IllegalArgumentException("a window needs a positive length, got " + lengthMillis + " ms");
            }
            if (resolutionMillis <= 0 || resolutionMillis > lengthMillis) {
                throw new IllegalArgumentException(
                        "a resolution lies in (0, " + lengthMillis + "] ms, got " + resolutionMillis + " ms");
            }
        }

        /** With the default resolution: the largest of 5 min, 1 h, 6 h, 1 d that is at most w/12; below that w/12 ms. */
        public static Sliding of(long lengthMillis) {
            return new Sliding(lengthMillis, Tiles.defaultResolution(lengthMillis));
        }
    }

    /** Everything since the beginning. */
    record Lifetime() implements Window {}
}
