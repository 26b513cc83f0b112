package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * The ids that a key has seen, in buckets by the hour of their event time, so that a bucket is freed whole.
 *
 * <p>When may a bucket go? The watermark stands on knownTime. A change of the bucket that is not late has
 * {@code knownTime ≤ eventTime + horizon < bucketEnd + horizon}. Once the watermark has passed {@code bucketEnd +
 * horizon}, what still comes for the bucket is late by its own times, or it overtook the watermark. The first is refused
 * as late without looking here. The second cannot be told from a repetition any more; {@link #freed} recognises it, and
 * it goes to the dead letters instead of perhaps counting twice. A repetition whose times differ from the first's has
 * the same event time or another bucket: an id names one event, and an event happened once.
 *
 * <p>Works on the backend's current key. The bucket is the state's namespace.
 */
final class SeenIds {
    private static final long BUCKET_MILLIS = 3_600_000;

    /** How an id was met. */
    enum Sighting {
        FIRST,
        REPEATED,
        /** Met before with another visibleAt: which of the two counts depends on the order of arrival. */
        CONFLICTING
    }

    private final KeyedStateBackend<String> backend;
    private final InternalTimerService<Long> timers;
    private final long horizonMillis;
    private final MapStateDescriptor<SeenId, Long> descriptor =
            new MapStateDescriptor<>("seen-ids", TypeInformation.of(SeenId.class), Types.LONG);

    SeenIds(KeyedStateBackend<String> backend, InternalTimerService<Long> timers, long horizonMillis) {
        this.backend = backend;
        this.timers = timers;
        this.horizonMillis = horizonMillis;
    }

    /** Whether the bucket of an event time is gone at a watermark. */
    boolean freed(long eventTime, long watermark) {
        return watermark != Long.MIN_VALUE && freedAt(bucket(eventTime)) <= watermark;
    }

    /** Looks an id up and remembers it. The change is not late and its bucket not freed. */
    Sighting meet(Change change) throws Exception {
        long bucket = bucket(change.eventTime());
        MapState<SeenId, Long> seen = state(bucket);
        SeenId id =
                new SeenId(change.id().text(), change.id().high(), change.id().low());
        Long before = seen.get(id);
        if (before != null) {
            return before == change.visibleAt() ? Sighting.REPEATED : Sighting.CONFLICTING;
        }
        seen.put(id, change.visibleAt());
        timers.registerEventTimeTimer(bucket, freedAt(bucket));
        return Sighting.FIRST;
    }

    /** Frees the bucket whose time has come. */
    void free(InternalTimer<String, Long> timer) throws Exception {
        state(timer.getNamespace()).clear();
    }

    private MapState<SeenId, Long> state(long bucket) throws Exception {
        return backend.getPartitionedState(bucket, LongSerializer.INSTANCE, descriptor);
    }

    private static long bucket(long eventTime) {
        return Math.floorDiv(eventTime, BUCKET_MILLIS);
    }

    /** The end of the bucket plus the horizon; never, where that is beyond the range of time. */
    private long freedAt(long bucket) {
        if (bucket >= Long.MAX_VALUE / BUCKET_MILLIS - 1) {
            return Long.MAX_VALUE;
        }
        long end = (bucket + 1) * BUCKET_MILLIS;
        return end > Long.MAX_VALUE - horizonMillis ? Long.MAX_VALUE : end + horizonMillis;
    }
}
