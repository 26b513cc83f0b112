package dev.tidewheel.drift.verdict;

import dev.tidewheel.drift.measure.Direction;

/**
 * Where a rule's alarm begins and where it ends. NaN where there is no threshold: then neither ever happens.
 *
 * @param direction on which side it is bad
 * @param enter beyond it, a window counts as bad
 * @param leave no longer beyond it, an alarm may end
 */
public record Level(Direction direction, double enter, double leave) {
    /**
     * The leave level a share of the way from what is normal to the threshold.
     *
     * @param normal what the reference has: 0 for distances; NaN where nobody knows, then both levels are one
     * @param share 0.8: four fifths of the way
     */
    public static Level of(Direction direction, double enter, double normal, double share) {
        boolean between = direction == Direction.ABOVE ? normal < enter : normal > enter;
        return new Level(direction, enter, between ? normal + share * (enter - normal) : enter);
    }

    /** Whether a value is bad; never for NaN. */
    public boolean entered(double value) {
        return direction.beyond(value, enter);
    }

    /** Whether a value is good again; never for NaN. */
    public boolean left(double value) {
        return direction == Direction.ABOVE ? value <= leave : value >= leave;
    }
}
