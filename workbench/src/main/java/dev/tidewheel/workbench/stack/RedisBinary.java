package dev.tidewheel.workbench.stack;

import dev.tidewheel.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * Finds a Redis server that really runs here: the one that the embedded-redis artifact carries, else the one on the
 * PATH. Each is asked for its version first, because a missing shared library would otherwise only show in a log.
 */
final class RedisBinary {
    private static final long DEADLINE_SECONDS = 10;
    private static final String REMEDY = "Install what is missing (on Debian and Ubuntu: apt-get install libssl3), "
            + "or a server of your own (apt-get install redis-server), or give an address with --redis URI.";

    private RedisBinary() {}

    /**
     * The program to run.
     *
     * @param folder where the carried binary may be unpacked
     * @throws WorkbenchException if none runs; tells what each said and the remedy
     */
    static String find(Path folder) throws InterruptedException {
        List<String> troubles = new ArrayList<>();
        Optional<String> carried = unpacked(folder, troubles);
        if (carried.isPresent() && runs(carried.get(), troubles)) {
            return carried.get();
        }
        if (runs("redis-server", troubles)) {
            return "redis-server";
        }
        throw new WorkbenchException("no Redis server runs here:\n  " + String.join("\n  ", troubles) + "\n" + REMEDY);
    }

    private static Optional<String> unpacked(Path folder, List<String> troubles) {
        try {
            return Optional.of(ExecutableProvider.newJarResourceProvider(folder.toFile())
                    .get()
                    .getAbsolutePath());
        } catch (IOException | RuntimeException e) {
            troubles.add("the carried binary: " + e);
            return Optional.empty();
        }
    }

    private static boolean runs(String program, List<String> troubles) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(program, "--version")
                    .redirectErrorStream(true)
                    .start();
            boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
                troubles.add(program + ": no answer to --version");
                return false;
            }
            if (process.exitValue() == 0) {
                return true;
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            troubles.add(program + ": " + said.strip());
            return false;
        } catch (IOException e) {
            troubles.add(program + ": " + e.getMessage());
            return false;
        }
    }
}
