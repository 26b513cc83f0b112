package dev.tidewheel.drift.distance;

import dev.tidewheel.drift.histogram.Counts;

/** How far a window is from its reference. A pure function of two counts; implementations are stateless. */
@FunctionalInterface
public interface Distance {
    /**
     * The distance: 0 where both have the same shares.
     *
     * @return NaN where either side has nothing to compare
     * @throws IllegalArgumentException if the two are on different edges
     */
    double between(Counts reference, Counts window);
}
