package dev.tidewheel.history.care;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** A data file and the least of its offsets. */
record OffsetFile(DataFile file, long least) {
    /** Empty if the file does not tell. */
    static Optional<OffsetFile> of(DataFile file, NestedField offset) {
        Map<Integer, ByteBuffer> bounds = file.lowerBounds();
        @Nullable ByteBuffer bound = bounds == null ? null : bounds.get(offset.fieldId());
        return bound == null
                ? Optional.empty()
                : Optional.of(new OffsetFile(file, Conversions.<Long>fromByteBuffer(offset.type(), bound)));
    }

    /** Bytes. */
    long size() {
        return file.fileSizeInBytes();
    }
}
