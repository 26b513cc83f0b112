package dev.tidewheel.history.spill;

/** Sorted rows. Different cursors may be used by different threads. */
@FunctionalInterface
interface Run {

    Cursor open(int partition);
}
