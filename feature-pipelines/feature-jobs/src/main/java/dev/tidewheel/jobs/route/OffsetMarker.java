package dev.tidewheel.jobs.route;

/**
 * How far one subtask of the source has read. Channels keep order, so a receiver that meets a marker has met everything
 * that was routed to it before the marker.
 *
 * @param partitions their channels, see {@link dev.tidewheel.definitions.Channels}
 * @param nextOffsets per partition, the offset after the last record read
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose; never compared.
public record OffsetMarker(int[] partitions, long[] nextOffsets) {
    public OffsetMarker {
        if (partitions.length != nextOffsets.length) {
            throw new IllegalArgumentException(partitions.length + " partitions, " + nextOffsets.length + " offsets");
        }
    }
}
