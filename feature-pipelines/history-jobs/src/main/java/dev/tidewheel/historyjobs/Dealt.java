package dev.tidewheel.historyjobs;

import java.util.Objects;
import org.apache.flink.api.common.functions.Partitioner;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * A frame, and the subtask that it is for.
 *
 * @param to the subtask's number
 * @param frame as {@link dev.tidewheel.history.exchange.Frames} made it; not changed
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record Dealt(int to, byte[] frame) {
    static final TypeInformation<Dealt> TYPE = TypeInformation.of(Dealt.class);

    private static final Partitioner<Integer> AS_SAID = (to, subtasks) -> to;

    public Dealt {
        Objects.requireNonNull(frame, "frame");
    }

    /** Sends each to its subtask. */
    static DataStream<Dealt> out(DataStream<Dealt> frames) {
        return frames.partitionCustom(AS_SAID, Dealt::to);
    }
}
