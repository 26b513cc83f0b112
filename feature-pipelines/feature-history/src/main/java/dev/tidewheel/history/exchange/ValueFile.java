package dev.tidewheel.history.exchange;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of one part of the ranks, ascending, those of all views side by side. The file is frames, each a length of four
 * bytes and so many bytes; a length of 0 ends it, and then comes how many ranks it has. Not thread-safe.
 */
public final class ValueFile implements AutoCloseable {
    private static final int FRAME_BYTES = 64 * 1024;

    private final Path whole;
    private final Path unfinished;
    private final List<ValueBytes> views;
    private final DataOutputStream out;
    private final ByteWriter frame = new ByteWriter(2 * FRAME_BYTES);
    private long ranks;

    /**
     * @param part which ranks
     * @param attempt who writes, among all that ever try: each writes a file of its own
     */
    public ValueFile(ExchangeFolder folder, int part, String attempt, List<ViewPlan> plans) throws IOException {
        this.whole = folder.values(part);
        this.unfinished = whole.resolveSibling(whole.getFileName() + "." + attempt);
        this.views = bytes(plans);
        this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(unfinished)));
    }

    private static List<ValueBytes> bytes(List<ViewPlan> plans) {
        return plans.stream().map(plan -> new ValueBytes(plan.features())).toList();
    }

    /** Writes the values of the next rank, one per view. */
    public void write(List<FeatureValues> values) throws IOException {
        for (int view = 0; view < views.size(); view++) {
            views.get(view).write(values.get(view), frame);
        }
        ranks++;
        if (frame.size() >= FRAME_BYTES) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (frame.size() > 0) {
            out.writeInt(frame.size());
            out.write(frame.array(), 0, frame.size());
            frame.clear();
        }
    }

    /** Ends the file, and gives it its name: whoever did the same before wrote the same bytes. */
    public void complete() throws IOException {
        flush();
        out.writeInt(0);
        out.writeLong(ranks);
        out.close();
        Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Leaves nothing that is not complete. */
    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(unfinished);
    }

    /** Reads a file. Not thread-safe. */
    static final class Reader implements AutoCloseable {
        private final Path file;
        private final List<ValueBytes> views;
        private final DataInputStream in;
        private ByteReader frame = new ByteReader(new byte[0]);
        private long read;

        Reader(ExchangeFolder folder, int part, List<ViewPlan> plans) throws IOException {
            this.file = folder.values(part);
            this.views = bytes(plans);
            this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
        }

        /** The values of the next rank, one per view. */
        List<FeatureValues> next() throws IOException {
            if (frame.position() == frame.array().length) {
                frame = new ByteReader(load());
            }
            List<FeatureValues> values = new ArrayList<>(views.size());
            for (ValueBytes view : views) {
                values.add(view.read(frame));
            }
            read++;
            return values;
        }

        private byte[] load() throws IOException {
            byte[] bytes = new byte[in.readInt()];
            if (bytes.length == 0) {
                throw new IOException(file + " ends after " + read + " ranks, and more were asked");
            }
            in.readFully(bytes);
            return bytes;
        }

        /** Makes sure that nothing is left. */
        void expectEnd() throws IOException {
            if (frame.position() < frame.array().length || in.readInt() != 0 || in.readLong() != read) {
                throw new IOException(file + " holds other ranks than the " + read + " that were asked");
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
