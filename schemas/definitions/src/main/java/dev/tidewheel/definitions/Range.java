package dev.tidewheel.definitions;

import java.util.function.DoublePredicate;

/**
 * Which numbers may be written.
 *
 * @param contains whether a number may
 * @param words for messages, behind "write a number"
 * @param any one that may: stands in for one that may not, so that reading goes on
 */
record Range(DoublePredicate contains, String words, double any) {
    /** A share of something, all and nothing included. */
    static final Range SHARE = new Range(x -> x >= 0 && x <= 1, "from 0 to 1", 1);
    /** A share of something, neither all nor nothing. */
    static final Range PART = new Range(x -> x > 0 && x < 1, "more than 0 and less than 1", 0.5);
    /** A share of something, not nothing. */
    static final Range SOME = new Range(x -> x > 0 && x <= 1, "more than 0, at most 1", 1);
    /** How far a measure may move from its baseline. */
    static final Range WAY = new Range(x -> x > 0 && x <= 10, "more than 0, at most 10", 1);
    /** The quantile of a calibrated threshold. */
    static final Range QUANTILE = new Range(x -> x >= 0.5 && x <= 1, "from 0.5 to 1", 1);
    /** A difference of losses. */
    static final Range MARGIN = new Range(x -> x >= 0, "of 0 or more", 0);

    /**
     * @param name of what has the value
     * @throws IllegalArgumentException if it may not be written
     */
    void check(String name, double value) {
        if (!contains.test(value)) {
            throw new IllegalArgumentException(name + " is a number " + words + ", not " + value);
        }
    }

    /** The values that a measure can have. */
    static Range of(Measure measure) {
        double greatest = measure.greatest();
        return new Range(x -> x >= measure.least() && x <= greatest, greatest == 1 ? "from 0 to 1" : "of 0 or more", 1);
    }
}
