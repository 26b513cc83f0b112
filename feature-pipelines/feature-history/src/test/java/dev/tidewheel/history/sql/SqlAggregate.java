package dev.tidewheel.history.sql;

import dev.tidewheel.feature.row.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * An aggregate in SQL over {@code x}, the counted values that are not null, in events with {@code d} and
 * {@code flight_id}. {@code n} is what {@code count} would give.
 *
 * @param name the engine's name of it
 * @param parameters the engine's
 * @param input what it takes
 * @param sql gives NULL where the engine has no value
 * @param exactness how near the two must be
 */
record SqlAggregate(String name, Map<String, Double> parameters, Input input, String sql, Exactness exactness) {

    /** What is aggregated. */
    enum Input {
        ROWS,
        NUMBER,
        ANY,
        /** Small whole numbers, of which the database can take powers. */
        SMALL,
        /** Small whole numbers, and others as {@code by}, which are never 0. */
        PAIR,
        /** What the database can write into a list as the engine does. */
        LISTED
    }

    /** How near engine and database must be. */
    enum Exactness {
        /** Equal. */
        SAME,
        /** 1e-12 of the greatest summand: the database adds up in floating point. */
        ROUNDED,
        /** 1e-9 of the value or the greatest summand: the database takes roots and powers of rounded means. */
        LOOSE,
        /** The aggregate's own accuracy, of the value that the database sorts out. */
        WITHIN_ACCURACY
    }

    private static final String TIME_ORDER = "(d - 978307200000) * 10000000 + flight_id";

    static final List<String> NAMES = List.of(
            "count",
            "sum",
            "mean",
            "variance",
            "stddev",
            "min",
            "max",
            "first",
            "last",
            "distinct",
            "quantile",
            "skewness",
            "kurtosis",
            "trend",
            "correlation",
            "ratio",
            "time_since_last",
            "decayed_sum",
            "decayed_mean",
            "first_k",
            "last_k",
            "top_k",
            "bottom_k");

    private static final String EQUAL = "WHEN min(x) = max(x) THEN 'NaN'::DOUBLE ";

    static SqlAggregate draw(Random random) {
        return of(NAMES.get(random.nextInt(NAMES.size())), random);
    }

    static SqlAggregate of(String name, Random random) {
        return switch (name) {
            case "count" -> {
                boolean rows = random.nextBoolean();
                yield exact(name, rows ? Input.ROWS : Input.ANY, "count(x)");
            }
            case "sum" -> rounded(name, "CASE WHEN count(x) > 0 THEN %s END");
            case "mean" -> rounded(name, "CASE WHEN count(x) > 0 THEN (%s)::DOUBLE / count(x) END");
            case "variance" -> rounded(name, variance());
            case "stddev" -> rounded(name, "sqrt(" + variance() + ")");
            case "min" -> exact(name, Input.ANY, "min(x)");
            case "max" -> exact(name, Input.ANY, "max(x)");
            case "first" -> exact(name, Input.ANY, "arg_min(x, " + TIME_ORDER + ")");
            case "last" -> exact(name, Input.ANY, "arg_max(x, " + TIME_ORDER + ")");
            case "distinct" -> {
                int limit = 5 + random.nextInt(300);
                yield new SqlAggregate(
                        name,
                        Map.of("limit", (double) limit),
                        Input.ANY,
                        "CASE WHEN count(DISTINCT x) <= " + limit + " THEN count(DISTINCT x) END",
                        Exactness.SAME);
            }
            case "quantile" -> {
                double q = random.nextInt(21) / 20.0;
                yield new SqlAggregate(
                        name,
                        Map.of("q", q, "accuracy", 0.01),
                        Input.NUMBER,
                        "list_sort(list(x) FILTER (x IS NOT NULL))[1 + floor(" + q + "::DOUBLE * (count(x) - 1))::INT]",
                        Exactness.WITHIN_ACCURACY);
            }
            case "skewness" -> loose(name, Input.SMALL, EQUAL + "ELSE avg(cx ** 3) / pow(avg(cx ** 2), 1.5)");
            case "kurtosis" -> loose(name, Input.SMALL, EQUAL + "ELSE avg(cx ** 4) / pow(avg(cx ** 2), 2) - 3");
            case "trend" -> loose(name, Input.SMALL, "WHEN min(d) < max(d) THEN 1000 * sum(cx * cd) / sum(cd * cd)");
            case "correlation" ->
                loose(
                        name,
                        Input.PAIR,
                        EQUAL + "WHEN min(y) = max(y) THEN 'NaN'::DOUBLE "
                                + "ELSE sum(cx * cy) / sqrt(sum(cx * cx) * sum(cy * cy))");
            case "ratio" -> loose(name, Input.PAIR, "ELSE sum(x)::DOUBLE / sum(y)::DOUBLE");
            case "time_since_last" -> exact(name, Input.ANY, "any_value(t) - max(d)");
            case "decayed_sum" -> decayed(name, "ELSE sum(x * %s)", random);
            case "decayed_mean" -> decayed(name, "ELSE sum(x * %1$s) / sum(%1$s)", random);
            case "first_k" -> listed(name, TIME_ORDER, random);
            case "last_k" -> listed(name, TIME_ORDER + " DESC", random);
            case "top_k" -> listed(name, "x DESC", random);
            case "bottom_k" -> listed(name, "x", random);
            default -> throw new IllegalArgumentException("nobody has written '" + name + "' in SQL");
        };
    }

    /** From exact sums, where the values are whole; {@code %1$s} is the sum, {@code %2$s} the sum of squares. */
    private static String variance() {
        return "CASE WHEN count(x) > 0 THEN greatest(0, (%2$s)::DOUBLE / count(x)"
                + " - ((%1$s)::DOUBLE / count(x)) * ((%1$s)::DOUBLE / count(x))) END";
    }

    /** Where nothing counts there is no value. */
    private static SqlAggregate loose(String name, Input input, String cases) {
        return new SqlAggregate(
                name, Map.of(), input, "CASE WHEN count(x) = 0 THEN NULL " + cases + " END", Exactness.LOOSE);
    }

    private static SqlAggregate decayed(String name, String cases, Random random) {
        // Long enough that over half a year the database's doubles do not all come to nothing: its mean were 0 / 0
        // then.
        long seconds = List.of(21_600, 86_400, 604_800).get(random.nextInt(3));
        String weight = "pow(2::DOUBLE, (d - t)::DOUBLE / " + seconds * 1_000 + "::DOUBLE)";
        SqlAggregate plain = loose(name, Input.SMALL, cases.formatted(weight));
        return new SqlAggregate(name, Map.of("halfLife", (double) seconds), Input.SMALL, plain.sql, Exactness.LOOSE);
    }

    /** The list's JSON; no text here needs an escape. */
    private static SqlAggregate listed(String name, String order, Random random) {
        int k = 1 + random.nextInt(8);
        String element = "CASE WHEN typeof(x) = 'VARCHAR' THEN '\"' || x::VARCHAR || '\"' ELSE x::VARCHAR END";
        return new SqlAggregate(
                name,
                Map.of("k", (double) k),
                Input.LISTED,
                "CASE WHEN count(x) > 0 THEN '[' || array_to_string(list(" + element + " ORDER BY " + order + ")[1:" + k
                        + "], ',') || ']' END",
                Exactness.SAME);
    }

    private static SqlAggregate exact(String name, Input input, String sql) {
        return new SqlAggregate(name, Map.of(), input, sql, Exactness.SAME);
    }

    private static SqlAggregate rounded(String name, String sql) {
        return new SqlAggregate(name, Map.of(), Input.NUMBER, sql, Exactness.ROUNDED);
    }

    /** The expression over a column {@code x} of a type. */
    String over(ColumnType type) {
        boolean whole = type == ColumnType.INT64;
        String sum = whole ? "sum(x::HUGEINT)" : "fsum(x)";
        String squares = whole ? "sum(x::HUGEINT * x::HUGEINT)" : "fsum(x * x)";
        if (whole && (name.equals("variance") || name.equals("stddev"))) {
            // Exact up to the last division: n² and n·Σx² − (Σx)² are whole.
            String exact = "CASE WHEN count(x) > 0 THEN (count(x)::HUGEINT * " + squares + " - " + sum + " * " + sum
                    + ")::DOUBLE / (count(x)::HUGEINT * count(x)::HUGEINT)::DOUBLE END";
            return name.equals("variance") ? exact : "sqrt(" + exact + ")";
        }
        return exactness == Exactness.ROUNDED ? sql.formatted(sum, squares) : sql;
    }
}
