package dev.tidewheel.feature.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("delay", ColumnType.INT64),
            new Column("miles", ColumnType.FLOAT64),
            new Column("late", ColumnType.BOOL),
            new Column("origin", ColumnType.STRING),
            new Column("date", ColumnType.TIMESTAMP),
            new Column("airport.mean", ColumnType.FLOAT64),
            new Column("nothing", ColumnType.INT64),
            new Column("unknown", ColumnType.BOOL)));

    private static Row row() {
        return new Row(SCHEMA.size())
                .setLong(0, 30)
                .setDouble(1, 600.5)
                .setBoolean(2, true)
                .setString(3, "ORD")
                .setLong(4, Instant.parse("2001-02-03T17:45:10.250Z").toEpochMilli())
                .setDouble(5, 12.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "delay > 15                          # true",
                "delay + 12                          # 42",
                "-delay / 4                          # -7",
                "-delay % 4                          # -2",
                "miles * 2.0                         # 1201.0",
                "1.0 / 0.0                           # Infinity",
                "late ? 1.0 : 0.0                    # 1.0",
                "origin + '-' + string(delay)        # ORD-30",
                "size(origin)                        # 3",
                "origin.startsWith('OR') && !(origin in ['LAX', 'JFK']) # true",
                "delay in [1, -2, 30]                # true",
                "miles in [600.5]                    # true",
                "date.getHours()                     # 17",
                "date.getMinutes()                   # 45",
                "date.getSeconds()                   # 10",
                "date.getMilliseconds()              # 250",
                "date.getDayOfWeek()                 # 6",
                "date.getDayOfMonth()                # 2",
                "date.getDate()                      # 3",
                "date.getMonth()                     # 1",
                "date.getFullYear()                  # 2001",
                "date.getDayOfYear()                 # 33",
                "date > timestamp('2001-02-03T17:45:10Z') # true",
                "date == timestamp(int(date))        # false",
                "int(date)                           # 981222310",
                "int(miles)                          # 600",
                "double(delay) + airport.mean        # 42.5",
                "abs(-delay) + max(delay, 31)        # 61",
                "sqrt(4.0) + floor(1.5) + ceil(1.5)  # 5.0",
                ".delay + 1                          # 31",
                "coalesce(nothing, 7)                # 7",
                "coalesce(delay, 7)                  # 30",
                "nothing == null                     # true",
                "delay != null                       # true",
                "late ? delay : null                 # 30",
                "late ? null : delay                 # NULL",
                "nothing + 1                         # NULL",
                "nothing == 1                        # NULL",
                "nothing in [1, 2]                   # NULL",
                "unknown && false                    # false",
                "unknown && true                     # NULL",
                "true || unknown                     # true",
                "unknown ? 1 : 2                     # NULL",
                "nothing == null ? 0 : nothing       # 0",
                "delay / 0                           # ERROR",
                "delay % 0                           # ERROR",
                "int(origin)                         # ERROR",
                "nothing + delay / 0                 # ERROR",
                "delay / 0 + nothing                 # ERROR",
                "delay / 0 > 1 || late               # true",
                "9223372036854775807 + delay         # OVERFLOW",
                "int(1e30)                           # OVERFLOW",
                "(-9223372036854775807 - 1) / -1     # OVERFLOW",
                "(-9223372036854775807 - 1) % -1     # 0",
            })
    void evaluates(String text, String expected) {
        assertThat(show(Expression.compile(text, SCHEMA), row())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "delay + 1.5               # 6 # write double(delay)",
                "delay > 1.5               # 6 # write double(delay)",
                "airport.mean + 1          # 13 # write 1.0",
                "late ? 1 : 0.0            # 5 # write 1.0",
                "origin + delay            # 7 # write string(delay)",
                "dely > 15                 # 0 # did you mean 'delay'?",
                "airport.maen > 1.0        # 0 # did you mean 'airport.mean'?",
                "airport > 1               # 0 # no column 'airport'",
                "date.getHour()            # 5 # did you mean 'getHours'?",
                "sqroot(miles)             # 0 # did you mean 'sqrt'?",
                "sqrt(delay)               # 4 # write sqrt(double)",
                "delay = 5                 # 6 # write ==",
                "late and late             # 5 # write &&",
                "delay +                   # 7 # ends too early",
                "origin == 'ORD            # 10 # string is not closed",
                "delay ? 1 : 2             # 6 # write a comparison",
                "delay && late             # 6 # takes bools",
                "99999999999999999999      # 0 # does not fit 64 bits",
                "null                      # 0 # null alone has no type",
                "late ? 1 : null           # 5 # beside what can be null",
                "late && null              # 5 # no place",
                "date - date               # 5 # int(a) - int(b)",
                "date.getHours('UTC')      # 13 # time zones are not supported",
                "origin.matches('O.*')     # 14 # regular expressions",
                "[delay]                   # 0 # a list stands only",
                "delay in [nothing]        # 9 # list of literals",
                "delay in [1, 'a']         # 13 # type of what stands before",
                "dyn(delay) == 1           # 3 # leave out dyn()",
                "delay == 1u               # 6 # two values of one type",
                "timestamp('yesterday') < date # 10 # write it as '2001",
                "timestamp(origin) < date  # 9 # takes a literal",
                "int                       # 0 # is a type, not a value",
                "1e999                     # 0 # does not fit a double",
                "origin == ORD             # 10 # or 'ORD' in quotes",
                "date < '2001-01-01'       # 5 # write timestamp('",
                "getHours(date)            # 8 # write timestamp.getHours()",
                "origin.contains(1)        # 15 # write string.contains(string)",
                "size(delay)               # 4 # write size(string)",
                "int(late)                 # 3 # b ? 1 : 0",
                "origin.foo > 1            # 6 # no column 'origin.foo'",
                "'a' 'b'                   # 4 # has no place here",
                "has(airport.mean)         # 0 # no function 'has'",
            })
    void refuses(String text, int offset, String message) {
        ExpressionException refusal = refusal(text);
        assertThat(refusal).hasMessageContaining(message);
        assertThat(refusal.offset()).isEqualTo(offset);
    }

    @Test
    void offsetsCountUtf16UnitsOverLines() {
        assertThat(refusal("origin == '\uD834\uDD1E' ||\n  dely > 1").offset()).isEqualTo(20);
    }

    @Test
    void refusesWhatIsTooLongOrTooDeepWithoutOverflowing() {
        assertThat(refusal(" ")).hasMessageContaining("empty");
        assertThat(refusal("1" + " + 1".repeat(2000))).hasMessageContaining("name its parts");
        assertThat(refusal("(".repeat(1000) + "1" + ")".repeat(1000))).hasMessageContaining("nested too deeply");
        assertThat(refusal("1" + "+1".repeat(1500))).hasMessageContaining("nested too deeply");
    }

    @Test
    void leavesACleanSlotWhateverWasThere() {
        Row out = new Row(1);
        assertThat(Expression.compile("size(origin + 'x')", SCHEMA).evaluate(row(), out, 0))
                .isEqualTo(Status.OK);
        assertThat(out).isEqualTo(new Row(1).setLong(0, 4));
        Expression.compile("string(delay)", SCHEMA).evaluate(row(), out, 0);
        assertThat(out).isEqualTo(new Row(1).setString(0, "30"));
        Expression.compile("delay / 0", SCHEMA).evaluate(row(), out, 0);
        assertThat(out).isEqualTo(new Row(1));
    }

    @Test
    void namesItsColumns() {
        assertThat(Expression.compile("late ? double(delay) : airport.mean + double(delay)", SCHEMA)
                        .columns())
                .containsExactly(0, 2, 5);
    }

    private static ExpressionException refusal(String text) {
        try {
            Expression.compile(text, SCHEMA);
        } catch (ExpressionException refusal) {
            return refusal;
        }
        throw new AssertionError("compiles: " + text);
    }

    private static String show(Expression expression, Row in) {
        Row out = new Row(1);
        Status status = expression.evaluate(in, out, 0);
        assertThat(out.isNull(0)).isEqualTo(status != Status.OK);
        if (status != Status.OK) {
            return status.name();
        }
        return switch (expression.type()) {
            case INT64, TIMESTAMP -> Long.toString(out.getLong(0));
            case FLOAT64 -> Double.toString(out.getDouble(0));
            case BOOL -> Boolean.toString(out.getBoolean(0));
            case STRING, JSON -> out.getString(0);
        };
    }
}
