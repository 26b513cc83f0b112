package dev.tidewheel.workbench.replay;

import dev.tidewheel.workbench.WorkbenchException;

/** The platform did not do its part of the lock-step in time. The message says what was last seen. */
public final class ReplayStuckException extends WorkbenchException {
    private static final long serialVersionUID = 1;

    ReplayStuckException(String message) {
        super(message);
    }

    ReplayStuckException(String message, Throwable cause) {
        super(message, cause);
    }
}
