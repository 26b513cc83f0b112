package dev.tidewheel.workbench.launch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs several mains in one JVM, each in a thread of its own, so that the platform on one machine needs fewer processes.
 * The mains do not know of each other. If one of them throws, the JVM ends with status {@value #FAILED}, and with it the
 * others: whoever brings the process back brings all of them back. Only for children on one machine.
 *
 * <p>Usage: {@code java … dev.tidewheel.workbench.launch.Together MAIN ARGUMENT… + MAIN ARGUMENT…}
 */
public final class Together {
    /** Stands between two mains. */
    public static final String AND = "+";

    private static final int FAILED = 1;

    private Together() {}

    public static void main(String[] arguments) {
        for (List<String> line : split(arguments)) {
            List<String> rest = line.subList(1, line.size());
            new Thread(() -> run(line.get(0), rest.toArray(String[]::new)), line.get(0)).start();
        }
    }

    /** One list for each main: its name, then its arguments. */
    static List<List<String>> split(String[] arguments) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(AND)) {
                lines.add(line);
                line = new ArrayList<>();
            } else {
                line.add(argument);
            }
        }
        lines.add(line);
        if (lines.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("usage: Together MAIN ARGUMENT... " + AND + " MAIN ARGUMENT...");
        }
        return lines;
    }

    private static void run(String main, String[] arguments) {
        try {
            Method method = Class.forName(main).getMethod("main", String[].class);
            method.invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            fail(main, e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            fail(main, e);
        }
    }

    private static void fail(String main, Throwable error) {
        System.err.println("together: " + main + " failed, and all end");
        error.printStackTrace();
        System.exit(FAILED);
    }
}
