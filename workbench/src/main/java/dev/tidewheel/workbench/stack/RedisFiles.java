package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the configuration of a Redis server whose acknowledged writes survive its own death: each goes to the
 * append-only file before it is answered.
 */
record RedisFiles(RunDirectory run, String host, int port) {
    Path write() {
        String lines = String.join(
                "\n",
                "bind " + host,
                "port " + port,
                "dir \"" + run.redis() + "\"",
                "save \"\"",
                "appendonly yes",
                "appendfsync no",
                "maxmemory 384mb",
                "maxmemory-policy noeviction",
                "");
        Path file = run.config().resolve("redis.conf");
        try {
            return Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
