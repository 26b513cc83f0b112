package dev.tidewheel.feature.aggregate;

/**
 * The buckets of a DDSketch:<sup>1</sup> bucket i holds (γ<sup>i−1</sup>, γ<sup>i</sup>] with γ = (1 + α)/(1 − α), so that
 * 2γ<sup>i</sup>/(γ + 1) is within the share α of everything in it. Negative values mirror the positive ones, everything
 * nearer to 0 than the smallest normal double is 0, and the infinities have buckets of their own at the ends. Logarithms
 * are {@link StrictMath}'s: the same bucket on every machine. Immutable.
 *
 * <p><sup>1</sup> Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees",
 * PVLDB 12(12), 2019.
 */
final class LogBuckets {
    private final double logGamma;
    private final double logMiddle;
    private final int offset;

    /**
     * @param accuracy α, in (0, 1)
     */
    LogBuckets(double accuracy) {
        double gamma = (1 + accuracy) / (1 - accuracy);
        logGamma = StrictMath.log(gamma);
        logMiddle = StrictMath.log(2 / (gamma + 1));
        offset = 2 - index(Double.MIN_NORMAL);
    }

    /** A number for the bucket of a value that is not NaN; the order of the numbers is that of the values. */
    int bucket(double value) {
        double magnitude = Math.abs(value);
        if (magnitude < Double.MIN_NORMAL) {
            return 0;
        }
        int bucket = Double.isInfinite(magnitude) ? Integer.MAX_VALUE : offset + index(magnitude);
        return value < 0 ? -bucket : bucket;
    }

    /** The value that stands for all in a bucket. */
    double representative(int bucket) {
        if (bucket == 0) {
            return 0.0;
        }
        int magnitude = Math.abs(bucket);
        double value = magnitude == Integer.MAX_VALUE
                ? Double.POSITIVE_INFINITY
                : Math.min(StrictMath.exp((magnitude - offset) * logGamma + logMiddle), Double.MAX_VALUE);
        return bucket < 0 ? -value : value;
    }

    private int index(double magnitude) {
        return (int) StrictMath.ceil(StrictMath.log(magnitude) / logGamma);
    }
}
