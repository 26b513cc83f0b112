package dev.tidewheel.workbench;

/** Something that the user can act upon; the message says what is wrong and what to do. Shown without a stack trace. */
public class WorkbenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public WorkbenchException(String message) {
        super(message);
    }

    public WorkbenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
