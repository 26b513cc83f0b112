package dev.tidewheel.workbench.launch;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Runs another main and ends this JVM when the standard input ends. The workbench holds the other end of that pipe, so
 * no child outlives it, even if it is killed and can stop nothing itself. Only for children on one machine: in
 * production the same mains are started directly.
 *
 * <p>Usage: {@code java … dev.tidewheel.workbench.launch.Leash MAIN ARGUMENT…}
 */
public final class Leash {
    /** How this JVM exits when the parent has gone; the same as after SIGTERM. */
    static final int PARENT_GONE = 143;

    private Leash() {}

    public static void main(String[] arguments) throws Throwable {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("usage: Leash MAIN ARGUMENT...");
        }
        Thread watch = new Thread(() -> exitAtEndOf(System.in), "leash");
        watch.setDaemon(true);
        watch.start();
        run(arguments[0], Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void run(String main, String[] arguments) throws Throwable {
        Method method = Class.forName(main).getMethod("main", String[].class);
        try {
            method.invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void exitAtEndOf(InputStream parent) {
        try {
            while (parent.read() >= 0) {
                // The parent never writes: only the end of the stream means something.
            }
        } catch (IOException e) {
            System.err.println("leash: cannot read from the parent (" + e.getMessage() + "), ending");
        }
        System.exit(PARENT_GONE);
    }
}
