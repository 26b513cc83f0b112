package dev.tidewheel.jobs.tile;

/** Something happened that must never happen. */
final class ModelViolation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private ModelViolation(String message) {
        super(message);
    }

    static void unless(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new ModelViolation(String.format(message, arguments));
        }
    }
}
