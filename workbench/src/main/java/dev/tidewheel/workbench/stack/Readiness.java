package dev.tidewheel.workbench.stack;

import java.util.List;
import java.util.Optional;

/** Whether a process does its work yet. Asked again and again until it does, from one thread. */
@FunctionalInterface
public interface Readiness {
    /** Empty if ready, else what was seen instead, for the message when the deadline passes. */
    Optional<String> missing() throws InterruptedException;

    /** Ready when all parts are; says what the first of the others lacks. */
    static Readiness allOf(List<Readiness> parts) {
        return () -> {
            for (Readiness part : parts) {
                Optional<String> missing = part.missing();
                if (missing.isPresent()) {
                    return missing;
                }
            }
            return Optional.empty();
        };
    }
}
