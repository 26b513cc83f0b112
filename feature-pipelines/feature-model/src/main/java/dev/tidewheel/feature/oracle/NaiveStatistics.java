package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.aggregate.ReadPoint;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Statistics of numbers, each by its formula.
 *
 * @param of the numbers
 * @param out takes the value
 * @param slot where
 */
record NaiveStatistics(NaiveNumbers of, Row out, int slot) {

    private Status number(double value) {
        out.setDouble(slot, Double.isNaN(value) ? Double.NaN : value);
        return Status.OK;
    }

    Status variance(int ddof, boolean root) {
        long n = of.net();
        if (n <= ddof) {
            return Status.NULL;
        }
        if (of.hasNonFinite()) {
            return number(Double.NaN);
        }
        BigInteger numerator = spread(of);
        if (numerator.signum() < 0) {
            return Status.NULL;
        }
        BigInteger divisor = BigInteger.valueOf(n).multiply(BigInteger.valueOf(n - ddof));
        double variance = NaiveNumbers.nearest(numerator, divisor, 2 * of.scale());
        return number(root ? Math.sqrt(variance) : variance);
    }

    /** m₃/m₂^1.5, or m₄/m₂² − 3, by the k-th central moments m_k = Σ (x − mean)^k / n. */
    Status shape(boolean skewness) {
        if (of.net() <= 0) {
            return Status.NULL;
        }
        if (of.hasNonFinite()) {
            return number(Double.NaN);
        }
        BigInteger second = central(2);
        if (second.signum() <= 0) {
            return second.signum() < 0 ? Status.NULL : number(Double.NaN);
        }
        if (skewness) {
            BigInteger third = central(3);
            return number(Nearest.root(new BigDecimal(third.pow(2)), new BigDecimal(second.pow(3))) * third.signum());
        }
        BigInteger square = second.pow(2);
        return number(NaiveNumbers.nearest(central(4).subtract(square.multiply(BigInteger.valueOf(3))), square, 0));
    }

    /** n^k·m_k: the sum of (n·x − Σx)^k, divided by n. */
    private BigInteger central(int k) {
        BigInteger n = BigInteger.valueOf(of.net());
        BigInteger sum = of.sum(1);
        BigInteger total = BigInteger.ZERO;
        for (int event : of.counted()) {
            total = total.add(
                    of.signed(of.units(event).multiply(n).subtract(sum).pow(k), event));
        }
        return total.divide(n);
    }

    Status correlation(NaiveNumbers by) {
        if (of.net() <= 0) {
            return Status.NULL;
        }
        if (hasNonFinitePair(by)) {
            return number(Double.NaN);
        }
        int[] finite = IntStream.of(of.counted())
                .filter(event -> of.isFinite(event) && by.isFinite(event))
                .toArray();
        NaiveNumbers ofFinite = new NaiveNumbers(of.column(), finite);
        NaiveNumbers byFinite = new NaiveNumbers(by.column(), finite);
        BigInteger x = spread(byFinite);
        BigInteger y = spread(ofFinite);
        BigInteger c = ofFinite.products(byFinite)
                .multiply(BigInteger.valueOf(of.net()))
                .subtract(ofFinite.sum(1).multiply(byFinite.sum(1)));
        BigInteger square = x.multiply(y);
        if (x.signum() < 0 || y.signum() < 0 || c.pow(2).compareTo(square) > 0) {
            return Status.NULL;
        }
        return number(
                square.signum() == 0
                        ? Double.NaN
                        : Nearest.root(new BigDecimal(c.pow(2)), new BigDecimal(square)) * c.signum());
    }

    /** A pair is what its {@code by} is, if that is not finite, else what its {@code of} is: so many came as were taken. */
    private boolean hasNonFinitePair(NaiveNumbers by) {
        Map<Double, Integer> net = new HashMap<>();
        for (int event : of.counted()) {
            if (!by.isFinite(event) || !of.isFinite(event)) {
                NaiveColumn column = by.isFinite(event) ? of.column() : by.column();
                net.merge(column.asDouble(event), (int) column.signs[event], Integer::sum);
            }
        }
        return net.values().stream().anyMatch(count -> count != 0);
    }

    Status trend() {
        NaiveNumbers times = new NaiveNumbers(of.column().asTimes(), of.counted());
        BigInteger x = spread(times);
        if (of.net() <= 0 || x.signum() <= 0) {
            return Status.NULL;
        }
        if (of.hasNonFinite()) {
            return number(Double.NaN);
        }
        return number(NaiveNumbers.nearest(common(times).multiply(BigInteger.valueOf(1_000)), x, of.scale()));
    }

    private BigInteger spread(NaiveNumbers numbers) {
        return numbers.sum(2)
                .multiply(BigInteger.valueOf(of.net()))
                .subtract(numbers.sum(1).pow(2));
    }

    private BigInteger common(NaiveNumbers by) {
        return of.products(by)
                .multiply(BigInteger.valueOf(of.net()))
                .subtract(of.sum(1).multiply(by.sum(1)));
    }

    Status ratio(NaiveNumbers by) {
        if (of.net() <= 0 || (!by.hasNonFinite() && by.sum(1).signum() == 0)) {
            return Status.NULL;
        }
        if (of.hasNonFinite() || by.hasNonFinite()) {
            return number(sum(of) / sum(by));
        }
        BigInteger divisor = by.sum(1);
        BigInteger dividend = divisor.signum() < 0 ? of.sum(1).negate() : of.sum(1);
        return number(NaiveNumbers.nearest(dividend, divisor.abs(), of.scale() - by.scale()));
    }

    private static double sum(NaiveNumbers numbers) {
        return numbers.hasNonFinite()
                ? numbers.nonFiniteSum()
                : NaiveNumbers.nearest(numbers.sum(1), BigInteger.ONE, numbers.scale());
    }

    private long latest() {
        return IntStream.of(of.counted())
                .mapToLong(event -> of.column().times[event])
                .max()
                .orElseThrow();
    }

    /** Σ x·2^(−(t − e)/H), each x·2^f with the fraction f of a half-life rounded as the documentation says. */
    Status decayed(double halfLife, boolean mean, ReadPoint at) {
        if (of.net() <= 0) {
            return Status.NULL;
        }
        if (of.hasNonFinite()) {
            return number(of.nonFiniteSum());
        }
        NaiveDecay decay = new NaiveDecay(Math.round(halfLife * 1_000), mean ? latest() : at.t());
        BigInteger values = BigInteger.ZERO;
        BigInteger weights = BigInteger.ZERO;
        for (int event : of.counted()) {
            double x = of.column().asDouble(event);
            BigInteger sign = BigInteger.valueOf(of.column().signs[event]);
            if (Double.isFinite(x)) {
                long time = of.column().times[event];
                values = values.add(decay.contribution(x, time).multiply(sign));
                weights = weights.add(decay.contribution(1, time).multiply(sign));
            }
        }
        if (!mean) {
            return number(NaiveDecay.nearest(values.multiply(decay.last())) + 0.0);
        }
        return weights.signum() <= 0 ? Status.NULL : number(NaiveNumbers.nearest(values, weights, 0));
    }
}
