package dev.tidewheel.drift.verdict;

import dev.tidewheel.drift.measure.Direction;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The calibrated thresholds of one measure of one feature, in the measure's own unit: compare them with its values as
 * they are.
 *
 * @param direction on which side it is bad
 * @param normal the measure of the whole reference; 0 for distances
 * @param pooled for windows whose hour of the week has none of its own; NaN if the reference has too few windows
 * @param slots by hour of the week of the window's start, UTC, 0 being Monday 00:00; only hours with enough windows
 * @param windows how many windows of the reference it was learnt from
 */
public record Thresholds(
        Direction direction, double normal, double pooled, SortedMap<Integer, Double> slots, int windows) {
    private static final long HOUR = 3_600_000;
    private static final int WEEK = 168;
    /** 1 January 1970 was a Thursday. */
    private static final int EPOCH = 72;

    public Thresholds {
        Objects.requireNonNull(direction, "direction");
        slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
    }

    /** No threshold at all, for what the reference cannot tell. */
    static Thresholds none(Direction direction) {
        return new Thresholds(direction, Double.NaN, Double.NaN, new TreeMap<>(), 0);
    }

    /** The threshold for a window; NaN if there is none. */
    public double at(long windowStart) {
        return slots.getOrDefault(slot(windowStart), pooled);
    }

    /** The levels for a window. */
    public Level level(long windowStart, double leave) {
        return Level.of(direction, at(windowStart), normal, leave);
    }

    /** The hour of the week, 0 being Monday 00:00 UTC. */
    static int slot(long windowStart) {
        return (int) Math.floorMod(Math.floorDiv(windowStart, HOUR) + EPOCH, (long) WEEK);
    }
}
