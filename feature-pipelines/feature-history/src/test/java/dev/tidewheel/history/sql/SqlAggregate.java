package dev.tidewheel.history.sql;

import dev.tidewheel.feature.aggregate.Parameters;
import dev.tidewheel.feature.row.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * An aggregate in SQL over {@code x}, the counted values that are not null, in events with {@code d} and
 * {@code flight_id}. {@code n} is what {@code count} would give.
 *
 * @param name the engine's name of it
 * @param parameters the engine's
 * @param input what it takes
 * @param sql gives NULL where the engine has no value; {@code MILLIS} in it is the time that the window covers
 * @param empty in SQL, the value where nothing counts; empty if there is none
 * @param exactness how near the two must be
 */
record SqlAggregate(
        String name, Parameters parameters, Input input, String sql, Optional<String> empty, Exactness exactness) {

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
        WITHIN_ACCURACY,
        /** See {@link Bounds#isNear}; the database counts exactly. */
        ESTIMATED,
        /** See {@link Bounds#frequent}; the database gives the counts of all values. */
        COUNTED
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
            "bottom_k",
            "latest",
            "approx_distinct",
            "histogram",
            "frequent",
            "rate");

    /** Those that are asked by category too: over whole numbers, both write their values alike. */
    static final List<String> BY_CATEGORY =
            List.of("count", "sum", "min", "max", "first", "last", "distinct", "time_since_last", "histogram");

    private static final String EQUAL = "WHEN min(x) = max(x) THEN 'NaN'::DOUBLE ";

    static SqlAggregate draw(Random random) {
        return of(NAMES.get(random.nextInt(NAMES.size())), random);
    }

    static SqlAggregate of(String name, Random random) {
        return switch (name) {
            case "count" -> {
                boolean rows = random.nextBoolean();
                yield exact(name, rows ? Input.ROWS : Input.ANY, "count(x)").orElse("0");
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
                yield exact(name, Input.ANY, "CASE WHEN count(DISTINCT x) <= " + limit + " THEN count(DISTINCT x) END")
                        .with("limit", limit)
                        .orElse("0");
            }
            case "quantile" -> {
                double q = random.nextInt(21) / 20.0;
                yield new SqlAggregate(
                        name,
                        Parameters.of(Map.of("q", q, "accuracy", 0.01)),
                        Input.NUMBER,
                        "list_sort(list(x) FILTER (x IS NOT NULL))[1 + floor(" + q + "::DOUBLE * (count(x) - 1))::INT]",
                        Optional.empty(),
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
            // A null is a value of the row: first() takes it, arg_max() does not.
            case "latest" -> exact(name, Input.ANY, "first(x ORDER BY " + TIME_ORDER + " DESC)");
            case "approx_distinct" ->
                new SqlAggregate(
                                name,
                                Parameters.NONE,
                                Input.ANY,
                                "count(DISTINCT x)",
                                Optional.of("0"),
                                Exactness.ESTIMATED)
                        .with("precision", 8 + random.nextInt(7));
            case "histogram" -> histogram(name, random);
            case "frequent" ->
                new SqlAggregate(
                                name,
                                Parameters.NONE,
                                Input.LISTED,
                                "CASE WHEN count(x) > 0 THEN array_to_string(map_keys(histogram(x)), ',') || '/'"
                                        + " || array_to_string(map_values(histogram(x)), ',') END",
                                Optional.empty(),
                                Exactness.COUNTED)
                        .with("counters", random.nextBoolean() ? 1_000 : 1 + random.nextInt(12))
                        .with("k", 1 + random.nextInt(12));
            case "rate" -> {
                boolean rows = random.nextBoolean();
                yield exact(name, rows ? Input.ROWS : Input.ANY, "(1000 * count(x))::DOUBLE / (MILLIS)::DOUBLE")
                        .orElse("0::DOUBLE");
            }
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
                name,
                Parameters.NONE,
                input,
                "CASE WHEN count(x) = 0 THEN NULL " + cases + " END",
                Optional.empty(),
                Exactness.LOOSE);
    }

    private static SqlAggregate decayed(String name, String cases, Random random) {
        // Long enough that over half a year the database's doubles do not all come to nothing: its mean were 0 / 0
        // then.
        long seconds = List.of(21_600, 86_400, 604_800).get(random.nextInt(3));
        String weight = "pow(2::DOUBLE, (d - t)::DOUBLE / " + seconds * 1_000 + "::DOUBLE)";
        return loose(name, Input.SMALL, cases.formatted(weight)).with("halfLife", seconds);
    }

    /** The list's JSON; no text here needs an escape. */
    private static SqlAggregate listed(String name, String order, Random random) {
        int k = 1 + random.nextInt(8);
        String element = "CASE WHEN typeof(x) = 'VARCHAR' THEN '\"' || x::VARCHAR || '\"' ELSE x::VARCHAR END";
        String list = "list(" + element + " ORDER BY " + order + ")[1:" + k + "]";
        return exact(
                        name,
                        Input.LISTED,
                        "CASE WHEN count(x) > 0 THEN '[' || array_to_string(" + list + ", ',') || ']' END")
                .with("k", k);
    }

    /** Its JSON: the keys of a map are sorted, a bin holds its lower edge. */
    private static SqlAggregate histogram(String name, Random random) {
        List<Double> edges = List.of(
                        List.of(0.0, 15.0, 60.0), List.of(-10.5, 0.0, 0.25, 3.0, 1000.0), List.of(500.0, 2_000.0))
                .get(random.nextInt(3));
        List<String> bins = new ArrayList<>();
        for (int bin = 0; bin + 1 < edges.size(); bin++) {
            bins.add(rows("x >= %s AND x < %s", edges.get(bin), edges.get(bin + 1)));
        }
        String above = rows("x >= %s", edges.get(edges.size() - 1));
        String below = rows("x < %s", edges.get(0));
        String none = "'{\"above\":0,\"below\":0,\"bins\":[" + "0,".repeat(edges.size() - 2) + "0],\"nan\":0}'";
        SqlAggregate counts = exact(
                name,
                Input.NUMBER,
                "'{\"above\":' || " + above + " || ',\"below\":' || " + below + " || ',\"bins\":[' || "
                        + String.join(" || ',' || ", bins) + " || '],\"nan\":0}'");
        Parameters parameters = new Parameters(Map.of("edges", edges));
        return new SqlAggregate(name, parameters, counts.input, counts.sql, Optional.of(none), counts.exactness);
    }

    private static String rows(String condition, Object... edges) {
        return "count(*) FILTER (" + condition.replace("%s", "%s::DOUBLE").formatted(edges) + ")";
    }

    private static SqlAggregate exact(String name, Input input, String sql) {
        return new SqlAggregate(name, Parameters.NONE, input, sql, Optional.empty(), Exactness.SAME);
    }

    private static SqlAggregate rounded(String name, String sql) {
        return new SqlAggregate(name, Parameters.NONE, Input.NUMBER, sql, Optional.empty(), Exactness.ROUNDED);
    }

    /** The same with one more parameter. */
    SqlAggregate with(String parameter, double value) {
        Map<String, List<Double>> more = new TreeMap<>(parameters.values());
        more.put(parameter, List.of(value));
        return new SqlAggregate(name, new Parameters(more), input, sql, empty, exactness);
    }

    private SqlAggregate orElse(String whereNothingCounts) {
        return new SqlAggregate(name, parameters, input, sql, Optional.of(whereNothingCounts), exactness);
    }

    /** Whether a null of {@code x} counts. */
    boolean countsNulls() {
        return name.equals("latest");
    }

    /** Whether it needs a window with a beginning in time. */
    boolean overTime() {
        return sql.contains("MILLIS");
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
