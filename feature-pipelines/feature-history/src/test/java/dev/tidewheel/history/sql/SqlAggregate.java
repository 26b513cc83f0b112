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
        ANY
    }

    /** How near engine and database must be. */
    enum Exactness {
        /** Equal. */
        SAME,
        /** 1e-12 of the greatest summand: the database adds up in floating point. */
        ROUNDED,
        /** The aggregate's own accuracy, of the value that the database sorts out. */
        WITHIN_ACCURACY
    }

    private static final String TIME_ORDER = "(d - 978307200000) * 10000000 + flight_id";

    static final List<String> NAMES = List.of(
            "count", "sum", "mean", "variance", "stddev", "min", "max", "first", "last", "distinct", "quantile");

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
            default -> throw new IllegalArgumentException("nobody has written '" + name + "' in SQL");
        };
    }

    /** From exact sums, where the values are whole; {@code %1$s} is the sum, {@code %2$s} the sum of squares. */
    private static String variance() {
        return "CASE WHEN count(x) > 0 THEN greatest(0, (%2$s)::DOUBLE / count(x)"
                + " - ((%1$s)::DOUBLE / count(x)) * ((%1$s)::DOUBLE / count(x))) END";
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
