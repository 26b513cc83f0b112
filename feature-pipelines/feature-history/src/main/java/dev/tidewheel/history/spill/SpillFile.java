package dev.tidewheel.history.spill;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file without a name: it loses it as soon as it is open, so its room is free again when it is closed, and also if the
 * process is killed. Appended to by one thread; what was appended may be read by others.
 */
final class SpillFile implements AutoCloseable {
    private final Path folder;
    private final FileChannel channel;
    private long size;

    private SpillFile(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    static SpillFile create(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, "spill", ".tmp");
        try {
            return new SpillFile(folder, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } finally {
            Files.delete(file);
        }
    }

    /** Where the next byte goes. */
    long size() {
        return size;
    }

    /**
     * @throws IOException if the disk is full; the message names the folder
     */
    void append(byte[] bytes, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
        try {
            while (left.hasRemaining()) {
                size += channel.write(left, size);
            }
        } catch (IOException e) {
            throw new IOException(
                    "cannot keep what does not fit into memory in " + folder + " after " + size
                            + " bytes: make room there, or name another folder",
                    e);
        }
    }

    void read(long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException("what was spilled into " + folder + " ends at " + at);
            }
            at += read;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
