package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.aggregate.ReadPoint;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.Status;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One feature's aggregate over given events, by its definition.
 *
 * @param feature the aggregate and its parameters
 * @param column what it aggregates
 */
record NaiveAggregate(FeatureSpec feature, NaiveColumn column) {
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    /**
     * Computes over {@code visible[first]} and everything behind it, which is in the total order.
     *
     * @param visible places of events
     * @param at what is read
     */
    Status compute(int[] visible, int first, ReadPoint at, Row out, int slot) {
        int[] counted = counted(visible, first);
        return switch (feature.aggregate()) {
            case "count" -> integer(net(counted), out, slot);
            case "distinct" -> distinct(counted, out, slot);
            case "sum" -> net(counted) <= 0 ? Status.NULL : sum(counted, out, slot);
            case "mean" -> net(counted) <= 0 ? Status.NULL : mean(counted, out, slot);
            case "variance" -> variance(counted, false, out, slot);
            case "stddev" -> variance(counted, true, out, slot);
            case "quantile" -> quantile(counted, out, slot);
            case "first" -> counted.length == 0 ? Status.NULL : copy(counted[0], out, slot);
            case "last" -> counted.length == 0 ? Status.NULL : copy(counted[counted.length - 1], out, slot);
            case "min" -> extreme(counted, false, out, slot);
            case "max" -> extreme(counted, true, out, slot);
            default -> throw new IllegalArgumentException("the oracle does not know '" + feature.aggregate() + "'");
        };
    }

    private int[] counted(int[] visible, int first) {
        int[] counted = new int[visible.length - first];
        int count = 0;
        for (int i = first; i < visible.length; i++) {
            if (column.signs[visible[i]] != 0) {
                counted[count++] = visible[i];
            }
        }
        return java.util.Arrays.copyOf(counted, count);
    }

    private long net(int[] counted) {
        long net = 0;
        for (int event : counted) {
            net += column.signs[event];
        }
        return net;
    }

    private static Status integer(long value, Row out, int slot) {
        out.setLong(slot, value);
        return Status.OK;
    }

    private static Status number(double value, Row out, int slot) {
        out.setDouble(slot, value);
        return Status.OK;
    }

    private Status copy(int event, Row out, int slot) {
        if (column.isString()) {
            out.setString(slot, Objects.requireNonNull(column.strings[event]));
        } else {
            out.setLong(slot, column.words[event]);
        }
        return Status.OK;
    }

    private Status sum(int[] counted, Row out, int slot) {
        if (!column.isDouble()) {
            BigInteger sum = exactSum(counted).toBigIntegerExact();
            boolean fits = sum.compareTo(MIN) >= 0 && sum.compareTo(MAX) <= 0;
            return fits ? integer(sum.longValue(), out, slot) : Status.OVERFLOW;
        }
        if (hasNonFinite(counted)) {
            return number(nonFiniteSum(counted), out, slot);
        }
        return number(Nearest.toDouble(exactSum(counted), BigDecimal.ONE), out, slot);
    }

    private Status mean(int[] counted, Row out, int slot) {
        if (column.small) {
            return number((double) smallSum(counted) / (double) net(counted), out, slot);
        }
        if (hasNonFinite(counted)) {
            return number(nonFiniteSum(counted), out, slot);
        }
        return number(Nearest.toDouble(exactSum(counted), BigDecimal.valueOf(net(counted))), out, slot);
    }

    private Status variance(int[] counted, boolean root, Row out, int slot) {
        long n = net(counted);
        if (n <= 0) {
            return Status.NULL;
        }
        if (hasNonFinite(counted)) {
            return number(Double.NaN, out, slot);
        }
        BigDecimal count = BigDecimal.valueOf(n);
        BigDecimal sum = exactSum(counted);
        BigDecimal numerator = exactSquares(counted).multiply(count).subtract(sum.multiply(sum));
        if (numerator.signum() < 0) {
            return Status.NULL;
        }
        double variance = Nearest.toDouble(numerator, count.multiply(count));
        return number(root ? Math.sqrt(variance) : variance, out, slot);
    }

    private boolean hasNonFinite(int[] counted) {
        if (!column.isDouble() || column.small) {
            return false;
        }
        Map<Double, Integer> net = new HashMap<>();
        for (int event : counted) {
            double value = column.asDouble(event);
            if (!Double.isFinite(value)) {
                net.merge(value, (int) column.signs[event], Integer::sum);
            }
        }
        return net.values().stream().anyMatch(count -> count != 0);
    }

    private double nonFiniteSum(int[] counted) {
        long nan = 0;
        long positive = 0;
        long negative = 0;
        for (int event : counted) {
            double value = column.asDouble(event);
            nan += Double.isNaN(value) ? column.signs[event] : 0;
            positive += value == Double.POSITIVE_INFINITY ? column.signs[event] : 0;
            negative += value == Double.NEGATIVE_INFINITY ? column.signs[event] : 0;
        }
        return (nan > 0 ? Double.NaN : 0.0)
                + (positive > 0 ? Double.POSITIVE_INFINITY : 0.0)
                + (negative > 0 ? Double.NEGATIVE_INFINITY : 0.0);
    }

    private BigDecimal exactSum(int[] counted) {
        if (column.small) {
            return BigDecimal.valueOf(smallSum(counted));
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (int event : counted) {
            sum = sum.add(signed(exact(event), event));
        }
        return sum;
    }

    private BigDecimal exactSquares(int[] counted) {
        BigDecimal sum = BigDecimal.ZERO;
        if (column.small) {
            long squares = 0;
            for (int event : counted) {
                squares += column.signs[event] * column.asSmall(event) * column.asSmall(event);
            }
            return BigDecimal.valueOf(squares);
        }
        for (int event : counted) {
            BigDecimal value = exact(event);
            sum = sum.add(signed(value.multiply(value), event));
        }
        return sum;
    }

    private long smallSum(int[] counted) {
        long sum = 0;
        for (int event : counted) {
            sum += column.signs[event] * column.asSmall(event);
        }
        return sum;
    }

    private BigDecimal exact(int event) {
        if (!column.isDouble()) {
            return BigDecimal.valueOf(column.words[event]);
        }
        double value = column.asDouble(event);
        return Double.isFinite(value) ? new BigDecimal(value) : BigDecimal.ZERO;
    }

    private BigDecimal signed(BigDecimal value, int event) {
        return column.signs[event] < 0 ? value.negate() : value;
    }

    private Status extreme(int[] counted, boolean greatest, Row out, int slot) {
        if (counted.length == 0) {
            return Status.NULL;
        }
        int best = counted[0];
        for (int event : counted) {
            best = better(event, best, greatest) ? event : best;
        }
        return copy(best, out, slot);
    }

    private boolean better(int event, int best, boolean greatest) {
        if (column.isString()) {
            String text = Objects.requireNonNull(column.strings[event]);
            int order = text.compareTo(Objects.requireNonNull(column.strings[best]));
            return greatest ? order > 0 : order < 0;
        }
        if (!column.isDouble()) {
            return greatest ? column.words[event] > column.words[best] : column.words[event] < column.words[best];
        }
        double value = column.asDouble(event);
        double held = column.asDouble(best);
        double extreme = greatest ? Math.max(held, value) : Math.min(held, value);
        return Double.compare(extreme, held) != 0;
    }

    private Status distinct(int[] counted, Row out, int slot) {
        Map<Object, Long> net = new HashMap<>();
        for (int event : counted) {
            net.merge(value(event), (long) column.signs[event], Long::sum);
        }
        if (net.size() > feature.parameters().number("limit", 1_000.0)) {
            return Status.TRUNCATED;
        }
        long present = net.values().stream().filter(count -> count > 0).count();
        return integer(present, out, slot);
    }

    private Object value(int event) {
        if (column.isString()) {
            return Objects.requireNonNull(column.strings[event]);
        }
        if (!column.isDouble()) {
            return column.words[event];
        }
        double value = column.asDouble(event);
        return value == 0 ? 0.0 : value;
    }

    /** The value of rank ⌊q·(n − 1)⌋ among the values' representatives, those with more taken away than given left out. */
    private Status quantile(int[] counted, Row out, int slot) {
        double accuracy = feature.parameters().number("accuracy", 0.01);
        TreeMap<Double, Long> net = new TreeMap<>();
        for (int event : counted) {
            net.merge(column.representative(event, accuracy), (long) column.signs[event], Long::sum);
        }
        net.values().removeIf(count -> count <= 0);
        long n = net.values().stream().mapToLong(Long::longValue).sum();
        if (n == 0) {
            return Status.NULL;
        }
        if (net.containsKey(Double.NaN)) {
            return number(Double.NaN, out, slot);
        }
        double rank = Math.floor(feature.parameters().number("q", 0.5) * (double) (n - 1));
        long below = 0;
        for (Map.Entry<Double, Long> entry : net.entrySet()) {
            below += entry.getValue();
            if (below > rank) {
                return number(entry.getKey(), out, slot);
            }
        }
        throw new IllegalStateException("rank " + rank + " of " + n);
    }
}
