package dev.tidewheel.runtime.clock;

/** Where a process gets its time from. Never used inside mathematics: there, time is passed in. */
@FunctionalInterface
public interface Clock {
    /** Epoch milliseconds. */
    long now();
}
