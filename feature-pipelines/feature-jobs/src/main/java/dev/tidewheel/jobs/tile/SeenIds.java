package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.jspecify.annotations.Nullable;

/**
 * The ids of what a key's views have counted. An id is looked up by itself, whatever the times of the change that brings
 * it; which ids to forget is kept by the hour of their event time.
 *
 * <p>When may an hour go? The watermark stands on knownTime. A change of the hour that is not late has
 * {@code knownTime ≤ eventTime + horizon < end of the hour + horizon}. Once the watermark has passed that, what still
 * comes for the hour is late by its own times, or it overtook the watermark. The first is refused as late without looking
 * here. The second cannot be told from a repetition any more, unless its id is still remembered from a later hour;
 * {@link #isFreed} recognises it, and it goes to the dead letters instead of perhaps counting twice.
 *
 * <p>A copy with a later event time keeps its id for as long as that hour. Not recognised is only a copy that claims
 * another event time and comes after the first's hour is freed: the id names one event, which then happened twice, further
 * apart than the horizon.
 *
 * <p>Works on the backend's current key.
 */
final class SeenIds {
    private static final long HOUR_MILLIS = 3_600_000;

    private final KeyedStateBackend<String> backend;
    private final InternalTimerService<Long> timers;
    private final long horizonMillis;
    private final MapState<SeenId, Sighting> seen;
    private final ListStateDescriptor<SeenId> hours =
            new ListStateDescriptor<>("seen-ids-of-hour", TypeInformation.of(SeenId.class));

    SeenIds(KeyedStateBackend<String> backend, InternalTimerService<Long> timers, long horizonMillis) throws Exception {
        this.backend = backend;
        this.timers = timers;
        this.horizonMillis = horizonMillis;
        this.seen = backend.getPartitionedState(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                new MapStateDescriptor<>(
                        "seen-ids", TypeInformation.of(SeenId.class), TypeInformation.of(Sighting.class)));
    }

    /** Whether the ids of an event time's hour are forgotten at a watermark. */
    boolean isFreed(long eventTime, long watermark) {
        return watermark != Long.MIN_VALUE && freedAt(hour(eventTime)) <= watermark;
    }

    /** What is remembered of a change's id; null if no view has counted it. */
    @Nullable
    Sighting find(Change change) throws Exception {
        return seen.get(SeenId.of(change));
    }

    /**
     * Remembers a change's id.
     *
     * @param before what {@link #find} gave
     * @param refusedBy the views that have refused this change and all with its id before
     */
    void remember(Change change, @Nullable Sighting before, List<String> refusedBy) throws Exception {
        SeenId id = SeenId.of(change);
        long hour = hour(change.eventTime());
        if (before == null || hour > before.hour()) {
            ofHour(hour).add(id);
            timers.registerEventTimeTimer(hour, freedAt(hour));
        } else if (refusedBy.size() == before.refusedBy().length) {
            return;
        }
        seen.put(
                id,
                before == null
                        ? new Sighting(change.visibleAt(), hour, refusedBy.toArray(String[]::new))
                        : before.again(hour, refusedBy));
    }

    /** Forgets the ids of the hour whose time has come, except those that came again with a later one. */
    void free(InternalTimer<String, Long> timer) throws Exception {
        long hour = timer.getNamespace();
        ListState<SeenId> ids = ofHour(hour);
        for (SeenId id : ids.get()) {
            Sighting sighting = seen.get(id);
            if (sighting != null && sighting.hour() <= hour) {
                seen.remove(id);
            }
        }
        ids.clear();
    }

    private ListState<SeenId> ofHour(long hour) throws Exception {
        return backend.getPartitionedState(hour, LongSerializer.INSTANCE, hours);
    }

    private static long hour(long eventTime) {
        return Math.floorDiv(eventTime, HOUR_MILLIS);
    }

    /** The end of the hour plus the horizon; never, where that is beyond the range of time. */
    private long freedAt(long hour) {
        if (hour >= Long.MAX_VALUE / HOUR_MILLIS - 1) {
            return Long.MAX_VALUE;
        }
        long end = (hour + 1) * HOUR_MILLIS;
        return end > Long.MAX_VALUE - horizonMillis ? Long.MAX_VALUE : end + horizonMillis;
    }
}
