package dev.tidewheel.monitoring.ingest;

import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.Offsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Decides when all rows before a moment have been read, without guessing how late they may be: whoever advances the clock
 * to T has written everything before T to Kafka already, so once T is read, the topics' ends as of now are far enough. One
 * answer serves every moment that was read before the question.
 *
 * <p>Moments are told apart by multiples of {@code step}: one that crosses none since the last is passed over. Not
 * thread-safe.
 */
final class Completeness {
    /**
     * A moment that waits for its rows.
     *
     * @param now epoch milliseconds
     * @param clockOffset the next offset of the clock's topic after it; negative for the wall's clock
     */
    record Moment(long now, long clockOffset) {}

    private static final long NONE = Long.MIN_VALUE;

    private final long stepMillis;
    private final Deque<Moment> waiting = new ArrayDeque<>();
    private final Offsets read = new Offsets();
    private long newest = NONE;
    private @Nullable Offsets ends;
    private int answered;

    Completeness(long stepMillis) {
        this.stepMillis = stepMillis;
    }

    /** A record was read. */
    void read(Log log, int partition, long offset) {
        read.advance(log, partition, offset + 1);
    }

    /** The clock has come to a moment. */
    void moment(Moment moment) {
        if (newest == NONE || Math.floorDiv(moment.now(), stepMillis) > Math.floorDiv(newest, stepMillis)) {
            newest = moment.now();
            waiting.add(moment);
        }
    }

    /** Whether the topics' ends are to be asked for, and given to {@link #ends}. */
    boolean wantsEnds() {
        return answered == 0 && !waiting.isEmpty();
    }

    /** The topics' ends, asked after everything that was told before. */
    void ends(Offsets now) {
        ends = now;
        answered = waiting.size();
    }

    /** The next moment whose rows are all in; null if there is none yet. To be called until it gives null. */
    @Nullable
    Moment complete() {
        if (answered == 0 || ends == null || !read.cover(ends)) {
            return null;
        }
        answered--;
        return waiting.remove();
    }

    /** What has been read. */
    Offsets read() {
        return read.copy();
    }

    /** As numbers for state: the newest moment, then the waiting ones with their offsets. */
    long[] moments() {
        long[] flat = new long[1 + 2 * waiting.size()];
        flat[0] = newest;
        int at = 1;
        for (Moment each : waiting) {
            flat[at++] = each.now();
            flat[at++] = each.clockOffset();
        }
        return flat;
    }

    /** Goes on from a checkpoint. The ends will be asked for again. */
    void restore(long[] offsets, long[] moments) {
        Offsets.of(offsets).asMap().forEach((place, next) -> read.advance(place.log(), place.partition(), next));
        newest = moments[0];
        for (int at = 1; at < moments.length; at += 2) {
            waiting.add(new Moment(moments[at], moments[at + 1]));
        }
    }
}
