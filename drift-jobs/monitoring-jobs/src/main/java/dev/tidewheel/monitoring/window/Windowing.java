package dev.tidewheel.monitoring.window;

import dev.tidewheel.definitions.Monitor;

/** How long a window is of interest. */
public final class Windowing {
    private Windowing() {}

    /** The start of the window that a moment lies in. */
    public static long windowOf(Monitor monitor, long t) {
        long length = monitor.window().toMillis();
        return Math.floorDiv(t, length) * length;
    }

    /**
     * When the state of a window may go: one window after the deadline of its labels. What comes for it until then is
     * added, and makes a new revision.
     */
    public static long keepUntil(Monitor monitor, long windowStart) {
        return windowStart
                + 2 * monitor.window().toMillis()
                + monitor.labels().deadline().toMillis();
    }

    /** When labels are no longer waited for. */
    public static long deadline(Monitor monitor, long windowEnd) {
        return windowEnd + monitor.labels().deadline().toMillis();
    }

    /** The first moment after {@code after} at which a window's figures are renewed: its end, then each step. */
    public static long nextRevision(Monitor monitor, long windowEnd, long after) {
        if (after < windowEnd) {
            return windowEnd;
        }
        long step = Math.max(1, monitor.labels().revise().toMillis());
        return windowEnd + (Math.floorDiv(after - windowEnd, step) + 1) * step;
    }
}
