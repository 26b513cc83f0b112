package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import java.util.List;
import java.util.Set;
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
 * <p>Works on the current key.
 */
public final class SeenIds {

    /** Where ids are kept, of the current key. */
    public interface Ids {
        @Nullable
        Sighting get(SeenId id) throws Exception;

        void put(SeenId id, Sighting sighting) throws Exception;

        void remove(SeenId id) throws Exception;

        /** Adds an id to an hour's, and has the hour {@linkplain SeenIds#free freed} once the watermark has reached a time. */
        void addToHour(long hour, SeenId id, long freedAt) throws Exception;

        /** Takes all ids of an hour away. */
        List<SeenId> takeHour(long hour) throws Exception;

        /** Drops all ids and hours of keys. Another key may be the current one then. */
        void forget(Set<String> keys) throws Exception;
    }

    private static final long HOUR_MILLIS = 3_600_000;

    private final Ids ids;
    private final long horizonMillis;

    public SeenIds(Ids ids, long horizonMillis) {
        this.ids = ids;
        this.horizonMillis = horizonMillis;
    }

    /** Whether the ids of an event time's hour are forgotten at a watermark. */
    public boolean isFreed(long eventTime, long watermark) {
        return watermark != Long.MIN_VALUE && freedAt(hour(eventTime)) <= watermark;
    }

    /** What is remembered of a change's id; null if no view has counted it. */
    @Nullable
    public Sighting find(Change change) throws Exception {
        return ids.get(SeenId.of(change));
    }

    /**
     * Remembers a change's id.
     *
     * @param before what {@link #find} gave
     * @param refusedBy the views that have refused this change and all with its id before
     */
    public void remember(Change change, @Nullable Sighting before, List<String> refusedBy) throws Exception {
        SeenId id = SeenId.of(change);
        long hour = hour(change.eventTime());
        if (before == null || hour > before.hour()) {
            ids.addToHour(hour, id, freedAt(hour));
        } else if (refusedBy.size() == before.refusedBy().length) {
            return;
        }
        ids.put(
                id,
                before == null
                        ? new Sighting(change.visibleAt(), hour, refusedBy.toArray(String[]::new))
                        : before.again(hour, refusedBy));
    }

    /** Forgets the ids of an hour whose time has come, except those that came again with a later one. */
    public void free(long hour) throws Exception {
        for (SeenId id : ids.takeHour(hour)) {
            Sighting sighting = ids.get(id);
            if (sighting != null && sighting.hour() <= hour) {
                ids.remove(id);
            }
        }
    }

    /** Forgets all that is remembered of keys. Another key may be the current one then. */
    public void forget(Set<String> keys) throws Exception {
        ids.forget(keys);
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
