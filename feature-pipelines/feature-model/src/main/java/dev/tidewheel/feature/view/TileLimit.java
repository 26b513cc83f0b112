package dev.tidewheel.feature.view;

import dev.tidewheel.feature.window.Window;

/** How many tiles one key may have for one window. More would make every fold and every read slow. */
final class TileLimit {
    private static final long MOST = 4_000;

    private TileLimit() {}

    /**
     * @throws IllegalArgumentException if the window needs too many; the message says what to write instead
     */
    static void check(Window window) {
        if (window.tileMillis() == Window.ENDLESS) {
            return;
        }
        long tiles = window.reachMillis() / window.tileMillis() + 2;
        if (tiles > MOST) {
            throw new IllegalArgumentException("its window needs " + tiles + " tiles of " + window.tileMillis()
                    + " ms for every key, more than " + MOST + "; " + remedy(window));
        }
    }

    private static String remedy(Window window) {
        long width = (window.reachMillis() + MOST - 3) / (MOST - 2);
        if (window instanceof Window.Hopping) {
            return "tiles are as wide as the greatest time that divides length and hop: make that at least " + width
                    + " ms";
        }
        if (window instanceof Window.Session session) {
            return "write a maxLength of at most " + session.gapMillis() * (MOST - 2) + " ms, or a longer gap";
        }
        if (window instanceof Window.Exact) {
            return "write a shorter window, or a rounded one with a resolution of at least " + width + " ms";
        }
        return "write a resolution of at least " + width + " ms";
    }
}
