package dev.tidewheel.feature.aggregate;

/**
 * Time in half-lives: a moment is a landmark, some whole half-lives behind it, and a fraction of one. Landmarks are 64
 * half-lives apart, aligned to the epoch, so a weight relative to its landmark is the same whenever it is computed.
 * Immutable.
 *
 * @param halfLifeMillis at least 1
 */
record DecayClock(long halfLifeMillis) {
    static final int HALF_LIVES_PER_LANDMARK = 64;

    long landmark(long time) {
        return Math.floorDiv(Math.floorDiv(time, halfLifeMillis), HALF_LIVES_PER_LANDMARK);
    }

    /** Whole half-lives behind the landmark, 0 to 63. */
    int wholes(long time) {
        return (int) Math.floorMod(Math.floorDiv(time, halfLifeMillis), (long) HALF_LIVES_PER_LANDMARK);
    }

    /** 2 to the fraction of a half-life behind the last whole one: between 1 and 2. */
    double growth(long time) {
        return StrictMath.pow(2, fraction(time));
    }

    /** 2 to the negative of that fraction: between 0.5 and 1. */
    double decay(long time) {
        return StrictMath.pow(2, -fraction(time));
    }

    private double fraction(long time) {
        return (double) Math.floorMod(time, halfLifeMillis) / (double) halfLifeMillis;
    }
}
