package dev.tidewheel.workbench.stack;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How to run one child process.
 *
 * @param name names its log and its PID file
 * @param command the program and its arguments
 * @param environment added to this process's own
 * @param readiness when others may rely on it
 * @param startDeadline how long it may take to be ready
 * @param stopGrace how long it may take to end before it is killed
 */
public record ProcessSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Readiness readiness,
        Duration startDeadline,
        Duration stopGrace) {
    public ProcessSpec {
        Objects.requireNonNull(name, "name");
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        Objects.requireNonNull(readiness, "readiness");
        if (command.isEmpty()) {
            throw new IllegalArgumentException(name + " has no command");
        }
    }
}
