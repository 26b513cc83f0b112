package dev.tidewheel.history.exchange;

import dev.tidewheel.feature.bytes.ByteWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Bytes for several takers, each sent when enough have come together. Not thread-safe. */
public final class Frames {
    private static final int FRAME_BYTES = 16 * 1024;

    private final List<ByteWriter> open = new ArrayList<>();
    private final Taker takers;

    /** Takes what was put together. */
    @FunctionalInterface
    public interface Taker {
        /**
         * @param to whose it is
         * @param frame its own from now on
         */
        void take(int to, byte[] frame) throws IOException;
    }

    /** @param count how many takers there are */
    public Frames(int count, Taker takers) {
        this.takers = takers;
        for (int to = 0; to < count; to++) {
            open.add(new ByteWriter(2 * FRAME_BYTES));
        }
    }

    /** How many takers there are. */
    public int count() {
        return open.size();
    }

    /** Where the next thing for a taker is written, whole; empty where a frame begins. */
    ByteWriter of(int to) {
        return open.get(to);
    }

    /** Something was written whole. */
    void written(int to) throws IOException {
        if (open.get(to).size() >= FRAME_BYTES) {
            send(to);
        }
    }

    private void send(int to) throws IOException {
        ByteWriter frame = open.get(to);
        takers.take(to, frame.toByteArray());
        frame.clear();
    }

    /** Sends what is left. */
    public void flush() throws IOException {
        for (int to = 0; to < open.size(); to++) {
            if (open.get(to).size() > 0) {
                send(to);
            }
        }
    }
}
