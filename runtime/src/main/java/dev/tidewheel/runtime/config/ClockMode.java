package dev.tidewheel.runtime.config;

/** What makes time pass for a process. Deadlines of I/O are wall time in both modes. */
public enum ClockMode {
    /** The machine's clock. */
    WALL,
    /** The ticks on topic {@code tidewheel.clock}. */
    STORY
}
