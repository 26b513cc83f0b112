package dev.tidewheel.feature.expression;

import static dev.tidewheel.feature.expression.Operator.longs;

import java.time.LocalDate;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;

/** The parts of a timestamp, in UTC. Months, days of the month and of the year count from 0, Sunday is 0, as in CEL. */
final class Times {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Times() {}

    static final Map<String, Operator> OPERATORS = Map.of(
            "timestamp_to_milliseconds", longs(millis -> Math.floorMod(millis, SECOND)),
            "timestamp_to_seconds", longs(millis -> Math.floorMod(millis, MINUTE) / SECOND),
            "timestamp_to_minutes", longs(millis -> Math.floorMod(millis, HOUR) / MINUTE),
            "timestamp_to_hours", longs(millis -> Math.floorMod(millis, DAY) / HOUR),
            // 1 January 1970 was a Thursday.
            "timestamp_to_day_of_week", longs(millis -> Math.floorMod(Math.floorDiv(millis, DAY) + 4, 7L)),
            "timestamp_to_day_of_month", longs(ofDate(date -> date.getDayOfMonth() - 1)),
            "timestamp_to_day_of_month_1_based", longs(ofDate(LocalDate::getDayOfMonth)),
            "timestamp_to_day_of_year", longs(ofDate(date -> date.getDayOfYear() - 1)),
            "timestamp_to_month", longs(ofDate(date -> date.getMonthValue() - 1)),
            "timestamp_to_year", longs(ofDate(LocalDate::getYear)));

    private static LongUnaryOperator ofDate(ToLongFunction<LocalDate> part) {
        return millis -> part.applyAsLong(LocalDate.ofEpochDay(Math.floorDiv(millis, DAY)));
    }
}
