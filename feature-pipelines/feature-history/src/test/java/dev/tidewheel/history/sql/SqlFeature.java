package dev.tidewheel.history.sql;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.view.FeatureSpec;
import java.util.Optional;
import java.util.Random;

/**
 * One feature, said twice.
 *
 * @param of what is aggregated; empty for rows
 * @param bucket the category, of which there is a bounded number; empty for one value of all
 * @param where which rows count
 */
record SqlFeature(
        SqlAggregate aggregate,
        Optional<Term> of,
        Optional<Term> by,
        Optional<Term> bucket,
        Optional<Term> where,
        SqlWindow window) {

    static SqlFeature of(SqlAggregate aggregate, Optional<Term> of, SqlWindow window) {
        boolean pairs = aggregate.input() == SqlAggregate.Input.PAIR;
        return new SqlFeature(
                aggregate,
                of,
                pairs ? Optional.of(Term.DISTANCE) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                window);
    }

    static SqlFeature draw(Random random) {
        SqlAggregate aggregate = SqlAggregate.draw(random);
        SqlWindow window = SqlWindow.draw(random);
        while (aggregate.overTime() && window.millis().isEmpty()) {
            window = SqlWindow.draw(random);
        }
        boolean byCategory = SqlAggregate.BY_CATEGORY.contains(aggregate.name()) && random.nextInt(3) == 0;
        return byCategory
                ? drawByCategory(aggregate, window, random)
                : draw(aggregate, Term.filter(random), window, random);
    }

    static SqlFeature drawByCategory(SqlAggregate aggregate, SqlWindow window, Random random) {
        return new SqlFeature(
                aggregate.with("buckets", random.nextInt(3) == 0 ? 2 + random.nextInt(8) : 200),
                Optional.of(random.nextBoolean() ? Term.DELAY : Term.DISTANCE),
                Optional.empty(),
                Optional.of(Term.category(random)),
                Term.filter(random),
                window);
    }

    static SqlFeature draw(SqlAggregate aggregate, Optional<Term> where, SqlWindow window, Random random) {
        Optional<Term> of = switch (aggregate.input()) {
            case ROWS -> Optional.empty();
            case NUMBER -> Optional.of(Term.number(random));
            case ANY -> Optional.of(Term.any(random));
            case SMALL, PAIR -> Optional.of(random.nextInt(4) == 0 ? Term.DISTANCE : Term.DELAY);
            case LISTED -> Optional.of(Term.listed(random));
        };
        boolean pairs = aggregate.input() == SqlAggregate.Input.PAIR;
        Optional<Term> by = pairs ? Optional.of(Term.DISTANCE) : Optional.empty();
        return new SqlFeature(aggregate, of, by, Optional.empty(), where, window);
    }

    FeatureSpec engine(String name) {
        return new FeatureSpec(
                name,
                aggregate.name(),
                aggregate.parameters(),
                of.map(Term::cel),
                by.map(Term::cel),
                bucket.map(Term::cel),
                where.map(Term::cel),
                window.engine());
    }

    ColumnType type() {
        return of.map(Term::type).orElse(ColumnType.INT64);
    }

    /**
     * A query that answers all questions: {@code id}, the value, the greatest absolute summand.
     *
     * @param known whether an event counts only once it has landed; else the moment after it happened
     * @param viewWhere the view's own filter
     */
    String sql(String keySql, boolean known, Optional<Term> viewWhere) {
        String visible = known ? "greatest(landing, d + 1) <= t" : "d + 1 <= t";
        String counts = where.map(Term::sql).orElse("true");
        String x = of.map(Term::sql).orElse("1");
        String magnitude =
                type() == ColumnType.INT64 || type() == ColumnType.FLOAT64 ? "max(abs(x::DOUBLE))" : "NULL::DOUBLE";
        String session = window.gap() == 0 ? "true" : "run = 0 AND t - newest <= " + window.gap();
        boolean numeric = type() == ColumnType.INT64 || type() == ColumnType.FLOAT64;
        boolean centred = aggregate.exactness() == SqlAggregate.Exactness.LOOSE;
        String centre = "%1$s - avg(%1$s) OVER (PARTITION BY id)";
        String latest = window.rows() == 0 ? "true" : "place <= " + window.rows();
        return """
                WITH seen AS (
                  SELECT q.id, q.t, f.d, f.flight_id, f.origin, f.destination, f.distance, f.delay
                  FROM questions q JOIN flights f ON %1$s = q.key AND f.d < q.t
                  WHERE %2$s AND (%3$s) AND (%4$s)
                ), gaps AS (
                  SELECT *, max(d) OVER (PARTITION BY id) AS newest,
                    (d - lag(d) OVER (PARTITION BY id ORDER BY d) > %5$d)::INT AS breaks FROM seen
                ), runs AS (
                  SELECT *, coalesce(sum(breaks) OVER (PARTITION BY id ORDER BY d DESC, breaks NULLS FIRST
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS run FROM gaps
                ), counted AS (
                  SELECT id, t, d, flight_id, x, y, category, row_number() OVER (PARTITION BY id ORDER BY d DESC, flight_id DESC) AS place
                  FROM (SELECT *, %6$s AS x, %13$s AS y, %17$s AS category FROM %10$s WHERE (%7$s) AND (%8$s))
                  WHERE (x IS NOT NULL OR %18$s) AND y IS NOT NULL AND category IS NOT NULL
                ), centred AS (
                  SELECT *, %14$s AS cx, %15$s AS cy, %16$s AS cd FROM (SELECT * FROM counted WHERE %12$s)
                ), parts AS (
                  SELECT id, category, %9$s AS value, %11$s AS magnitude FROM centred GROUP BY id, t, category
                ), answers AS (
                  SELECT id, %19$s AS value, max(magnitude) AS magnitude FROM parts GROUP BY id
                )
                SELECT q.id, CASE WHEN a.id IS NULL THEN %20$s ELSE a.value END, a.magnitude
                FROM questions q LEFT JOIN answers a ON a.id = q.id ORDER BY q.id
                """.formatted(
                        keySql,
                        visible,
                        viewWhere.map(Term::sql).orElse("true"),
                        window.covers(),
                        Math.max(1, window.gap()),
                        x,
                        counts,
                        session,
                        aggregate.over(type()).replace("MILLIS", window.millis().orElse("NULL")),
                        window.gap() == 0 ? "seen" : "runs",
                        magnitude,
                        latest,
                        by.map(Term::sql).orElse("1"),
                        centred && numeric ? centre.formatted("x") : "NULL",
                        centred ? centre.formatted("y") : "NULL",
                        centred ? centre.formatted("d") : "NULL",
                        bucket.map(Term::sql).orElse("''"),
                        aggregate.countsNulls(),
                        bucket.isPresent() ? categories() : "any_value(value)",
                        bucket.isPresent() ? "NULL" : aggregate.empty().orElse("NULL"));
    }

    /** A map from category to value, as JSON; none if there are too many. */
    private String categories() {
        return "CASE WHEN count(*) <= " + aggregate.parameters().number("buckets")
                + " THEN '{' || string_agg('\"' || category || '\":' || coalesce(value::VARCHAR, 'null'), ',' ORDER BY category)"
                + " || '}' END";
    }
}
