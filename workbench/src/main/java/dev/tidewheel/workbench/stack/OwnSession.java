package dev.tidewheel.workbench.stack;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Starts children outside the terminal's process group. Ctrl-C goes to the whole group at once; a run that shall end
 * with a report needs its children a little longer, and stops them itself, in order.
 */
final class OwnSession {
    private static final List<String> SETSID = List.of("setsid");
    /** Where {@code setsid} does not exist. Programs that set their own handler, as Redis does, are not held by it. */
    private static final List<String> DEAF_TO_INTERRUPT = List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh");

    private static final List<String> PREFIX = onPath("setsid") ? SETSID : DEAF_TO_INTERRUPT;

    private OwnSession() {}

    /** The same command; the PID is the command's own, because the prefix replaces itself. */
    static List<String> wrap(List<String> command) {
        List<String> wrapped = new ArrayList<>(PREFIX);
        wrapped.addAll(command);
        return wrapped;
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .anyMatch(Files::isExecutable);
    }
}
