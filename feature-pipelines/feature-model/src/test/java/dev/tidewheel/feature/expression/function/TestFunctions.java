package dev.tidewheel.feature.expression.function;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/** Functions that the tests register, of every type. */
public final class TestFunctions {
    private TestFunctions() {}

    private abstract static class Named implements PureFunction {
        private final String name;
        private final List<ColumnType> parameters;
        private final ColumnType result;

        Named(String name, ColumnType result, ColumnType... parameters) {
            this.name = name;
            this.result = result;
            this.parameters = List.of(parameters);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public List<ColumnType> parameters() {
            return parameters;
        }

        @Override
        public ColumnType result() {
            return result;
        }
    }

    /** The first {@code n} letters; null of an empty string, an exception beyond the end. */
    public static final class Initials extends Named {
        public Initials() {
            super("test.initials", ColumnType.STRING, ColumnType.STRING, ColumnType.INT64);
        }

        @Override
        public void apply(Row arguments, Row out) {
            String text = Objects.requireNonNull(arguments.getString(0));
            if (!text.isEmpty()) {
                out.setString(0, text.substring(0, (int) arguments.getLong(1)));
            }
        }
    }

    /** A tenth of a number as text was read: {@code test.tenths('1.5')} is 15. */
    public static final class Tenths extends Named {
        public Tenths() {
            super("test.tenths", ColumnType.INT64, ColumnType.STRING);
        }

        @Override
        public void apply(Row arguments, Row out) {
            out.setLong(0, Math.round(Double.parseDouble(arguments.getString(0)) * 10));
        }
    }

    /** Whether a time lies on a Saturday or Sunday, or on every day if {@code b}. */
    public static final class Weekend extends Named {
        public Weekend() {
            super("test.weekend", ColumnType.BOOL, ColumnType.TIMESTAMP, ColumnType.BOOL);
        }

        @Override
        public void apply(Row arguments, Row out) {
            DayOfWeek day = Instant.ofEpochMilli(arguments.getLong(0))
                    .atZone(ZoneOffset.UTC)
                    .getDayOfWeek();
            out.setBoolean(0, arguments.getBoolean(1) || day.getValue() > 5);
        }
    }

    /** A function whose version a test raises, as a new jar would. */
    public static final class Counted extends Named {
        public static volatile int version = 1;

        public Counted() {
            super("test.counted", ColumnType.FLOAT64, ColumnType.FLOAT64);
        }

        @Override
        public int version() {
            return version;
        }

        @Override
        public void apply(Row arguments, Row out) {
            out.setDouble(0, arguments.getDouble(0) + 1);
        }
    }
}
