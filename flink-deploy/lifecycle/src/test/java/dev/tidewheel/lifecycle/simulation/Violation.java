package dev.tidewheel.lifecycle.simulation;

/** Something happened that must never happen. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
        super(message);
    }

    static void unless(boolean holds, String format, Object... values) {
        if (!holds) {
            throw new Violation(String.format(format, values));
        }
    }
}
