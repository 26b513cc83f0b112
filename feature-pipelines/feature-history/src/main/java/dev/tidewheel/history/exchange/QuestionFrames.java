package dev.tidewheel.history.exchange;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.history.spill.KeyHash;
import dev.tidewheel.history.values.ViewPart;
import java.io.IOException;

/** Deals out the questions to one view by their keys. A frame is question after question: rank, moment, key. */
public final class QuestionFrames {
    private final Frames to;

    public QuestionFrames(Frames to) {
        this.to = to;
    }

    /**
     * @param rank of the question
     * @param t epoch milliseconds
     */
    public void ask(long rank, long t, String key) throws IOException {
        int part = Parts.ofKey(KeyHash.of(key), to.count());
        ByteWriter frame = to.of(part);
        frame.writeUnsigned(rank);
        frame.writeSigned(t);
        frame.writeString(key);
        to.written(part);
    }

    /** Asks a part the questions of a frame. */
    public static void read(byte[] frame, ViewPart part) throws IOException {
        ByteReader bytes = new ByteReader(frame);
        while (bytes.position() < frame.length) {
            long rank = bytes.readUnsigned();
            long t = bytes.readSigned();
            part.ask(bytes.readString(), t, rank);
        }
    }
}
