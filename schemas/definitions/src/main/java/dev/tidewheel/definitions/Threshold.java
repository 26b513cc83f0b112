package dev.tidewheel.definitions;

/** What a rule compares its measure with. */
public sealed interface Threshold {

    /**
     * The quantile of the scores that the reference's own windows have against the rest of the reference.
     *
     * @param quantile the share of those windows that stays inside, from 0.5 to 1; of a rule with direction
     *     below, the threshold is the quantile 1 − {@code quantile}
     */
    record Calibrated(double quantile) implements Threshold {
        public Calibrated {
            Range.QUANTILE.check("quantile", quantile);
        }
    }

    /**
     * A number.
     *
     * @param value in the measure's unit; milliseconds for latencies
     */
    record Fixed(double value) implements Threshold {
        public Fixed {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a threshold is finite, not " + value);
            }
        }
    }

    /**
     * The profile's own figure of the same measure, and some way into the bad direction.
     *
     * @param share how far, as a share of the profile's figure; more than 0, at most 10
     */
    record Baseline(double share) implements Threshold {
        public Baseline {
            Range.WAY.check("share", share);
        }

        /** The threshold that follows from the profile's figure: b·(1 + share) above, b·(1 − share) below. */
        public double of(double baseline, Monitor.Direction direction) {
            return direction == Monitor.Direction.ABOVE ? baseline * (1 + share) : baseline * (1 - share);
        }
    }
}
