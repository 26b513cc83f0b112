package dev.tidewheel.workbench.stack;

import dev.tidewheel.workbench.WorkbenchException;

/** A child process did not start, or ended too often. The message ends with the last lines of its log. */
public final class ProcessFailedException extends WorkbenchException {
    private static final long serialVersionUID = 1;

    ProcessFailedException(String message) {
        super(message);
    }
}
