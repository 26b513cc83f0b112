package dev.tidewheel.history.exchange;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * Questions in files of 65,536 each, so that many can read them at once: the moment less that of the question before, then a
 * key for each view. A question's rank is its place. Not thread-safe.
 */
public final class QuestionFiles {
    private static final int PER_FILE = 65_536;

    private final ExchangeFolder folder;
    private final int views;
    private final ByteWriter bytes = new ByteWriter(1 << 20);
    private long asked;
    private long last;

    /** Takes what is asked. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param t epoch milliseconds
         * @param key of the view that was asked for
         */
        void ask(long rank, long t, String key) throws IOException;
    }

    /** @param views how many views are asked */
    QuestionFiles(ExchangeFolder folder, int views) {
        this.folder = folder;
        this.views = views;
    }

    /** How many files so many questions take. */
    public static int files(long questions) {
        return Math.toIntExact((questions + PER_FILE - 1) / PER_FILE);
    }

    /** How many were asked. */
    long asked() {
        return asked;
    }

    void ask(long t, List<String> keys) throws IOException {
        if (keys.size() != views) {
            throw new IllegalArgumentException(views + " views are asked, and there are " + keys.size() + " keys");
        }
        bytes.writeSigned(t - last);
        keys.forEach(bytes::writeString);
        last = t;
        asked++;
        if (asked % PER_FILE == 0) {
            flush();
        }
    }

    /** Writes what is left. */
    void flush() throws IOException {
        if (bytes.size() > 0) {
            Files.write(folder.questions(files(asked) - 1), bytes.toByteArray());
            bytes.clear();
            last = 0;
        }
    }

    /** Reads what one view is asked in one file. */
    public static void read(ExchangeFolder folder, int number, int views, int view, Sink sink) throws IOException {
        byte[] file = Files.readAllBytes(folder.questions(number));
        ByteReader bytes = new ByteReader(file);
        long rank = (long) number * PER_FILE;
        long t = 0;
        while (bytes.position() < file.length) {
            t += bytes.readSigned();
            for (int each = 0; each < views; each++) {
                String key = bytes.readString();
                if (each == view) {
                    sink.ask(rank, t, key);
                }
            }
            rank++;
        }
    }
}
