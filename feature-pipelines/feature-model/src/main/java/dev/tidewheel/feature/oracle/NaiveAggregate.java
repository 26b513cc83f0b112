package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.aggregate.Parameters;
import dev.tidewheel.feature.aggregate.ReadPoint;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.Status;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One feature's aggregate over given events, by its definition.
 *
 * @param feature the aggregate and its parameters
 * @param column what it aggregates
 */
record NaiveAggregate(FeatureSpec feature, NaiveColumn column) {
    private static final Set<String> CANNOT_TAKE_AWAY = Set.of(
            "min",
            "max",
            "first",
            "last",
            "first_k",
            "last_k",
            "top_k",
            "bottom_k",
            "approx_distinct",
            "frequent",
            "time_since_last");
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
        return feature.bucket().isPresent() ? buckets(counted, at, out, slot) : value(counted, at, out, slot);
    }

    /** Whether changes that take rows away are refused. */
    static boolean cannotTakeAway(FeatureSpec feature) {
        return CANNOT_TAKE_AWAY.contains(feature.aggregate());
    }

    private Status value(int[] counted, ReadPoint at, Row out, int slot) {
        Parameters parameters = feature.parameters();
        NaiveNumbers numbers = new NaiveNumbers(column, counted);
        NaiveStatistics statistics = new NaiveStatistics(numbers, out, slot);
        NaiveLists lists = new NaiveLists(column, counted, out, slot);
        return switch (feature.aggregate()) {
            case "count" -> integer(net(counted), out, slot);
            case "distinct" -> distinct(counted, out, slot);
            case "sum" -> net(counted) <= 0 ? Status.NULL : sum(counted, out, slot);
            case "mean" -> net(counted) <= 0 ? Status.NULL : mean(counted, out, slot);
            case "variance" -> statistics.variance((int) parameters.number("ddof", 0), false);
            case "stddev" -> statistics.variance((int) parameters.number("ddof", 0), true);
            case "skewness" -> statistics.shape(true);
            case "kurtosis" -> statistics.shape(false);
            case "trend" -> statistics.trend();
            case "correlation" -> statistics.correlation(by(counted));
            case "ratio" -> statistics.ratio(by(counted));
            case "decayed_sum" -> statistics.decayed(parameters.number("halfLife"), false, at);
            case "decayed_mean" -> statistics.decayed(parameters.number("halfLife"), true, at);
            case "quantile" -> quantile(counted, out, slot);
            case "first" -> counted.length == 0 ? Status.NULL : copy(counted[0], out, slot);
            case "last" -> counted.length == 0 ? Status.NULL : copy(counted[counted.length - 1], out, slot);
            case "min" -> extreme(counted, false, out, slot);
            case "max" -> extreme(counted, true, out, slot);
            case "first_k", "last_k", "top_k", "bottom_k" ->
                lists.ranked(feature.aggregate(), (int) parameters.number("k", 10));
            case "histogram" -> lists.histogram(parameters.numbers("edges"));
            case "frequent" -> lists.frequent((int) parameters.number("k", 10));
            case "approx_distinct" -> approximateDistinct(counted, out, slot);
            case "rate" -> rate(counted, at, out, slot);
            case "time_since_last" -> sinceLast(counted, at, out, slot);
            default -> throw new IllegalArgumentException("the oracle does not know '" + feature.aggregate() + "'");
        };
    }

    /** Every category by itself: those of which more came than was taken away. */
    private Status buckets(int[] counted, ReadPoint at, Row out, int slot) {
        @Nullable String[] categories = Objects.requireNonNull(column.categories);
        TreeMap<String, List<Integer>> events = new TreeMap<>();
        for (int event : counted) {
            events.computeIfAbsent(Objects.requireNonNull(categories[event]), key -> new ArrayList<>())
                    .add(event);
        }
        if (events.size() > feature.parameters().number("buckets", 100)) {
            return Status.TRUNCATED;
        }
        List<String> entries = new ArrayList<>();
        Set<Status> statuses = EnumSet.noneOf(Status.class);
        events.forEach((category, inside) -> {
            int[] places = inside.stream().mapToInt(Integer::intValue).toArray();
            if (net(places) > 0) {
                Row value = new Row(1);
                statuses.add(value(places, at, value, 0));
                entries.add(NaiveJson.quoted(category) + ":" + json(value));
            }
        });
        if (entries.isEmpty()) {
            return Status.NULL;
        }
        out.setString(slot, "{" + String.join(",", entries) + "}");
        return statuses.contains(Status.OVERFLOW)
                ? Status.OVERFLOW
                : statuses.contains(Status.TRUNCATED) ? Status.TRUNCATED : Status.OK;
    }

    private String json(Row value) {
        return value.isNull(0) ? "null" : NaiveJson.of(resultType(), value.words()[0], value.strings()[0]);
    }

    private ColumnType resultType() {
        return switch (feature.aggregate()) {
            case "count", "distinct", "approx_distinct", "time_since_last" -> ColumnType.INT64;
            case "sum", "first", "last", "min", "max" -> column.type.orElseThrow();
            case "first_k", "last_k", "top_k", "bottom_k", "histogram", "frequent" -> ColumnType.JSON;
            default -> ColumnType.FLOAT64;
        };
    }

    private NaiveNumbers by(int[] counted) {
        return new NaiveNumbers(Objects.requireNonNull(column.by), counted);
    }

    private Status rate(int[] counted, ReadPoint at, Row out, int slot) {
        BigInteger covered = BigInteger.valueOf(at.to()).subtract(BigInteger.valueOf(at.from()));
        BigInteger thousands = BigInteger.valueOf(net(counted)).multiply(BigInteger.valueOf(1_000));
        return covered.signum() <= 0 ? Status.NULL : number(NaiveNumbers.nearest(thousands, covered, 0), out, slot);
    }

    private Status sinceLast(int[] counted, ReadPoint at, Row out, int slot) {
        if (counted.length == 0) {
            return Status.NULL;
        }
        BigInteger since =
                BigInteger.valueOf(at.t()).subtract(BigInteger.valueOf(column.times[counted[counted.length - 1]]));
        return since.bitLength() > 63 ? Status.OVERFLOW : integer(since.longValueExact(), out, slot);
    }

    private Status approximateDistinct(int[] counted, Row out, int slot) {
        List<byte[]> values = new ArrayList<>();
        for (int event : counted) {
            Object value = column.value(event);
            long word = value instanceof Double number ? Double.doubleToLongBits(number) : column.words[event];
            values.add(NaiveCardinality.bytes(word, column.strings[event]));
        }
        int precision = (int) feature.parameters().number("precision", 12);
        return integer(NaiveCardinality.estimate(values, precision), out, slot);
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
        NaiveNumbers numbers = new NaiveNumbers(column, counted);
        if (!column.isDouble()) {
            BigInteger sum = numbers.sum(1);
            boolean fits = sum.compareTo(MIN) >= 0 && sum.compareTo(MAX) <= 0;
            return fits ? integer(sum.longValue(), out, slot) : Status.OVERFLOW;
        }
        if (numbers.hasNonFinite()) {
            return number(numbers.nonFiniteSum(), out, slot);
        }
        return number(NaiveNumbers.nearest(numbers.sum(1), BigInteger.ONE, numbers.scale()), out, slot);
    }

    private Status mean(int[] counted, Row out, int slot) {
        NaiveNumbers numbers = new NaiveNumbers(column, counted);
        if (column.small) {
            return number((double) numbers.smallSum(1) / (double) net(counted), out, slot);
        }
        if (numbers.hasNonFinite()) {
            return number(numbers.nonFiniteSum(), out, slot);
        }
        return number(
                NaiveNumbers.nearest(numbers.sum(1), BigInteger.valueOf(net(counted)), numbers.scale()), out, slot);
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
            net.merge(column.value(event), (long) column.signs[event], Long::sum);
        }
        if (net.size() > feature.parameters().number("limit", 1_000.0)) {
            return Status.TRUNCATED;
        }
        long present = net.values().stream().filter(count -> count > 0).count();
        return integer(present, out, slot);
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
