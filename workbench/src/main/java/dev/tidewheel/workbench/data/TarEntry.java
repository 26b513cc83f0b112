package dev.tidewheel.workbench.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file of a tar archive (POSIX ustar: 512-byte headers, contents padded to 512 bytes), found by its exact name.
 *
 * @param name path inside the archive, at most 100 bytes
 * @param maxBytes a larger file is refused
 */
record TarEntry(String name, long maxBytes) {

    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;

    /** Copies the entry's bytes to a file, which is replaced. */
    void copy(InputStream tar, Path target) throws IOException {
        while (true) {
            byte[] header = tar.readNBytes(BLOCK);
            if (header.length < BLOCK || header[0] == 0) {
                throw new IOException("the archive has no file " + name);
            }
            long size = size(header);
            if (text(header, 0, NAME_BYTES).equals(name)) {
                copy(tar, size, target);
                return;
            }
            tar.skipNBytes(padded(size));
        }
    }

    private void copy(InputStream tar, long size, Path target) throws IOException {
        if (size > maxBytes) {
            throw new IOException(name + " is larger than " + maxBytes + " bytes: " + size);
        }
        try (OutputStream out = Files.newOutputStream(target)) {
            byte[] buffer = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int n = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    throw new EOFException("the archive ends inside " + name);
                }
                out.write(buffer, 0, n);
                left -= n;
            }
        }
    }

    private static long padded(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static long size(byte[] header) throws IOException {
        String octal = text(header, SIZE_AT, SIZE_BYTES).strip();
        try {
            return Long.parseLong(octal, 8);
        } catch (NumberFormatException e) {
            throw new IOException("the archive is damaged: a file size reads " + octal, e);
        }
    }

    private static String text(byte[] header, int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.US_ASCII);
    }
}
