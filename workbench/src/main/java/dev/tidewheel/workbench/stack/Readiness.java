package dev.tidewheel.workbench.stack;

import java.util.Optional;

/** Whether a process does its work yet. Asked again and again until it does, from one thread. */
@FunctionalInterface
public interface Readiness {
    /** Empty if ready, else what was seen instead, for the message when the deadline passes. */
    Optional<String> missing() throws InterruptedException;
}
