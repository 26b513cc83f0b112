package dev.tidewheel.drift.measure;

/** On which side of its threshold a measure is bad. */
public enum Direction {
    ABOVE,
    BELOW;

    /** 1 where greater is worse, −1 where less is. */
    public int sign() {
        return this == ABOVE ? 1 : -1;
    }

    /** Whether a value is worse than a threshold; never if either is NaN. */
    public boolean beyond(double value, double threshold) {
        return this == ABOVE ? value > threshold : value < threshold;
    }
}
