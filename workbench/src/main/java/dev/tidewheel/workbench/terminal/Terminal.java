package dev.tidewheel.workbench.terminal;

import java.io.PrintStream;
import java.time.Duration;

/**
 * Tells a person how work goes on. On a terminal, one line is rewritten in place; elsewhere a line is written now and
 * then, so that logs stay short. Goes to stderr: stdout belongs to results. Thread-safe.
 */
public final class Terminal {
    private static final Duration SPARSE = Duration.ofSeconds(15);
    private static final int WIDTH = 100;

    private final PrintStream out;
    private final boolean rewriting;
    private boolean dirty;
    private long lastStatus = System.nanoTime();

    /**
     * @param rewriting whether a line can be rewritten in place
     */
    public Terminal(PrintStream out, boolean rewriting) {
        this.out = out;
        this.rewriting = rewriting;
    }

    /** The one that this process was started from. */
    public static Terminal ofProcess() {
        return new Terminal(System.err, System.console() != null && !"dumb".equals(System.getenv("TERM")));
    }

    /** Writes a line that stays. */
    public synchronized void line(String text) {
        wipe();
        lastStatus = System.nanoTime();
        out.println(text);
        out.flush();
    }

    /** Shows how far something has come; the next status replaces it. */
    public synchronized void status(String text) {
        if (rewriting) {
            wipe();
            out.print(text.length() > WIDTH ? text.substring(0, WIDTH - 1) + "…" : text);
            out.flush();
            dirty = true;
        } else if (System.nanoTime() - lastStatus > SPARSE.toNanos()) {
            lastStatus = System.nanoTime();
            out.println(text);
            out.flush();
        }
    }

    /** Whether somebody is likely to be looking. */
    public boolean interactive() {
        return rewriting;
    }

    private void wipe() {
        if (dirty) {
            out.print("\r\u001b[2K");
            dirty = false;
        }
    }
}
