package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowCodec;

/**
 * A change that is not part of any tile yet.
 *
 * @param retraction whether it takes its inputs away
 * @param id the change's
 * @param eventTime the change's
 * @param visibleAt reads before it leave the entry out
 * @param inputs what the view's expressions made of the row; null where it does not count
 */
record RawEntry(boolean retraction, EventId id, long eventTime, long visibleAt, Row inputs) {

    static RawEntry of(Change change, Row inputs) {
        return new RawEntry(change.retraction(), change.id(), change.eventTime(), change.visibleAt(), inputs);
    }

    boolean isOf(Change change) {
        return retraction == change.retraction() && id.equals(change.id());
    }

    /** Whether it is dated ahead, and not due yet. */
    boolean waits(long now) {
        return visibleAt > now && visibleAt - 1 <= eventTime;
    }

    RawEntry visibleFrom(long earlier) {
        return new RawEntry(retraction, id, eventTime, earlier, inputs);
    }

    void applyTo(Accumulator<?> accumulator, int input) {
        if (retraction) {
            accumulator.retract(inputs, input, eventTime, id);
        } else {
            accumulator.add(inputs, input, eventTime, id);
        }
    }

    void encode(long reference, RowCodec codec, ByteWriter out) {
        out.writeByte(retraction ? 1 : 0);
        id.encode(out);
        out.writeSigned(reference - eventTime);
        out.writeUnsigned(visibleAt - eventTime);
        codec.write(inputs, out);
    }

    static RawEntry decode(long reference, RowCodec codec, ByteReader in) {
        boolean retraction = in.readByte() != 0;
        EventId id = EventId.decode(in);
        long eventTime = reference - in.readSigned();
        long visibleAt = eventTime + in.readUnsigned();
        return new RawEntry(retraction, id, eventTime, visibleAt, codec.read(in));
    }
}
