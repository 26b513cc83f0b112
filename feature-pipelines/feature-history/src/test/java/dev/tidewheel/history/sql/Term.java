package dev.tidewheel.history.sql;

import dev.tidewheel.feature.row.ColumnType;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The same said twice: in CEL for the engine, in SQL for the database. Both are written by hand here, so neither is made
 * from the other.
 *
 * @param type of the value
 */
record Term(String cel, String sql, ColumnType type) {
    static final Term DELAY = new Term("delay", "delay", ColumnType.INT64);

    static final Term DISTANCE = new Term("distance", "distance", ColumnType.INT64);

    static final List<Term> NUMBERS = List.of(
            DELAY,
            DELAY,
            DISTANCE,
            new Term("delay % 10", "delay % 10", ColumnType.INT64),
            new Term("delay * distance", "delay * distance", ColumnType.INT64),
            new Term("delay > 15 ? delay : null", "CASE WHEN delay > 15 THEN delay END", ColumnType.INT64),
            new Term("double(delay) * 0.1", "delay::DOUBLE * 0.1::DOUBLE", ColumnType.FLOAT64),
            new Term("double(distance) / 7.5", "distance::DOUBLE / 7.5::DOUBLE", ColumnType.FLOAT64),
            new Term(
                    "delay > 15 ? 1.0 : 0.0",
                    "CASE WHEN delay > 15 THEN 1::DOUBLE ELSE 0::DOUBLE END",
                    ColumnType.FLOAT64));

    private static final List<Term> OTHERS = List.of(
            new Term("origin", "origin", ColumnType.STRING),
            new Term("destination", "destination", ColumnType.STRING),
            new Term("origin + '-' + destination", "origin || '-' || destination", ColumnType.STRING),
            new Term("delay > 15", "(delay > 15)::INT", ColumnType.BOOL),
            new Term("date", "d", ColumnType.TIMESTAMP));

    /** Their SQL is text, as the keys of a JSON map are. */
    private static final List<Term> CATEGORIES = List.of(
            new Term("destination", "destination", ColumnType.STRING),
            new Term("delay % 10", "(delay % 10)::VARCHAR", ColumnType.INT64),
            new Term("delay > 15", "(delay > 15)::VARCHAR", ColumnType.BOOL),
            new Term("delay > 15 ? delay : null", "CASE WHEN delay > 15 THEN delay::VARCHAR END", ColumnType.INT64),
            new Term("date.getHours()", "((d // 3600000) % 24)::VARCHAR", ColumnType.INT64));

    private static final List<Term> FILTERS = List.of(
            new Term("delay > 15", "delay > 15", ColumnType.BOOL),
            new Term("destination in ['ORD', 'LAX', 'DEN']", "destination IN ('ORD', 'LAX', 'DEN')", ColumnType.BOOL),
            new Term("distance >= 500 && delay < 60", "distance >= 500 AND delay < 60", ColumnType.BOOL),
            new Term("date.getHours() >= 17", "(d // 3600000) % 24 >= 17", ColumnType.BOOL),
            new Term("delay > 10000", "delay > 10000", ColumnType.BOOL),
            new Term(
                    "origin.startsWith('L') || destination.endsWith('L')",
                    "origin[1] = 'L' OR destination[3] = 'L'",
                    ColumnType.BOOL));

    static Term number(Random random) {
        return NUMBERS.get(random.nextInt(NUMBERS.size()));
    }

    static Term any(Random random) {
        int drawn = random.nextInt(NUMBERS.size() + OTHERS.size());
        return drawn < NUMBERS.size() ? NUMBERS.get(drawn) : OTHERS.get(drawn - NUMBERS.size());
    }

    /** Whole numbers and plain text. */
    static Term listed(Random random) {
        return List.of(DELAY, DISTANCE, OTHERS.get(0), OTHERS.get(1)).get(random.nextInt(4));
    }

    static Term category(Random random) {
        return CATEGORIES.get(random.nextInt(CATEGORIES.size()));
    }

    static Optional<Term> filter(Random random) {
        return random.nextInt(5) < 2 ? Optional.of(FILTERS.get(random.nextInt(FILTERS.size()))) : Optional.empty();
    }
}
