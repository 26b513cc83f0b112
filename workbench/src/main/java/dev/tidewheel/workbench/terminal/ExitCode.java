package dev.tidewheel.workbench.terminal;

/** How commands end. */
public final class ExitCode {
    /** All is well. */
    public static final int OK = 0;
    /** The command did its work, and what it looked at is wrong: definitions, books, parity. */
    public static final int NOT_SOUND = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** The command could not do its work; the message says what to do. */
    public static final int FAILED = 3;
    /** The command did what could be done now; the rest waits for something else. */
    public static final int WAITS = 4;
    /** Stopped by Ctrl-C or SIGTERM. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
