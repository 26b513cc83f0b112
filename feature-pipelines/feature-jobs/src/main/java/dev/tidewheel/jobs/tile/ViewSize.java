package dev.tidewheel.jobs.tile;

import java.util.Objects;

/**
 * How much state a view has in one key group, as a checkpoint remembers it: key groups move whole when the parallelism
 * changes, so the sums stay exact.
 *
 * @param view by {@link StageView#stateName()}
 * @param keyGroup of Flink's
 * @param keys that the view knows
 * @param bytes of their bases and heads
 */
public record ViewSize(String view, int keyGroup, long keys, long bytes) {
    public ViewSize {
        Objects.requireNonNull(view, "view");
    }
}
