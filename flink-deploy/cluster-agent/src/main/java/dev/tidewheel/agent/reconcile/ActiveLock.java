package dev.tidewheel.agent.reconcile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Held by the one agent that acts on a work folder; the others stand by. It falls with the process, however that ends. Not
 * thread-safe.
 */
public final class ActiveLock implements AutoCloseable {
    private static final String FILE = "agent.lock";

    private final FileChannel file;

    private ActiveLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes the lock if it is free.
     *
     * @throws IOException if the folder cannot be used
     */
    public static Optional<ActiveLock> tryAcquire(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel file = FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return Optional.of(new ActiveLock(file));
            }
        } catch (OverlappingFileLockException heldInThisProcess) {
            // As good as held by another.
        } catch (IOException e) {
            file.close();
            throw e;
        }
        file.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
