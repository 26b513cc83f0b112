package dev.tidewheel.jobs.tile;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What is remembered of an id.
 *
 * @param visibleAt of the first change with it
 * @param hour the latest hour of an event time that it came with: it is remembered as long as that
 * @param refusedBy the views, by {@link StageView#stateName()}, that refused every change with it, so that the next one is
 *     the first to them; nearly always empty
 */
@SuppressWarnings("ArrayRecordComponent") // Flat for Flink's serialisers; never compared.
public record Sighting(long visibleAt, long hour, String[] refusedBy) {
    public Sighting {
        Objects.requireNonNull(refusedBy, "refusedBy");
    }

    /** Whether a view has counted a change with the id. */
    boolean isCountedBy(StageView view) {
        return refusedBy.length == 0 || !Arrays.asList(refusedBy).contains(view.stateName());
    }

    /** Remembers the same for longer, and that some views have taken it meanwhile. */
    Sighting again(long laterHour, List<String> stillRefusedBy) {
        return new Sighting(visibleAt, Math.max(hour, laterHour), stillRefusedBy.toArray(String[]::new));
    }
}
