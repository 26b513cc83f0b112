package dev.tidewheel.history.spill;

import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows dealt out to partitions and packed there as they come: as many as fit stay in memory, the others go to a file. Not
 * thread-safe; what {@link #frames} gives may be read by any thread until it is closed.
 */
final class PackedRows implements AutoCloseable {
    private static final int MOST_FRAME_BYTES = 16 * 1024;
    private static final int LEAST_FRAME_BYTES = 128;
    /** What the frames that are being filled may take of the budget. */
    private static final int FILLING = 4;

    private final Spilling spilling;
    private final int frameBytes;
    private final RowPacker[] packers;
    private final List<List<Frame>> frames = new ArrayList<>();
    private long heldBytes;
    private @Nullable SpillFile file;

    PackedRows(RowSchema payload, int partitions, Spilling spilling) {
        this.spilling = spilling;
        long fits = spilling.budgetBytes() / partitions / FILLING;
        this.frameBytes = (int) Math.max(LEAST_FRAME_BYTES, Math.min(MOST_FRAME_BYTES, fits));
        this.packers = new RowPacker[partitions];
        Arrays.setAll(packers, partition -> new RowPacker(payload, frameBytes));
        for (int partition = 0; partition < partitions; partition++) {
            frames.add(new ArrayList<>());
        }
    }

    int partitions() {
        return packers.length;
    }

    /** Adds a row of those that wait. */
    void add(int partition, WaitingRows waiting, int row) throws IOException {
        RowPacker packer = packers[partition];
        packer.add(waiting, row);
        if (packer.bytes().size() >= frameBytes) {
            end(partition);
        }
    }

    private void end(int partition) throws IOException {
        RowPacker packer = packers[partition];
        if (packer.rows() > 0) {
            frames.get(partition).add(new Frame(keep(packer.bytes()), packer.firstMoment(), packer.rows()));
            packer.clear();
        }
    }

    private Frame.Bytes keep(ByteWriter packed) throws IOException {
        if (heldBytes + packed.size() <= spilling.budgetBytes()) {
            heldBytes += packed.size();
            byte[] held = packed.toByteArray();
            return () -> held;
        }
        if (file == null) {
            file = SpillFile.create(spilling.folder());
        }
        SpillFile from = file;
        long position = from.size();
        int length = packed.size();
        from.append(packed.array(), length);
        return () -> {
            byte[] bytes = new byte[length];
            from.read(position, ByteBuffer.wrap(bytes));
            return bytes;
        };
    }

    /** All rows of a partition. */
    List<Frame> frames(int partition) throws IOException {
        end(partition);
        return List.copyOf(frames.get(partition));
    }

    /** How many bytes did not fit. */
    long spilledBytes() {
        return file == null ? 0 : file.size();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
