package dev.tidewheel.feature.expression.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;

/** What every registered function promises: equal arguments, equal bits; a value of its type; its arguments left alone. */
public final class PureFunctionLaws {
    private static final int CALLS = 2_000;

    private static final long[] INTEGERS = {0, 1, -1, 100, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final double[] NUMBERS = {
        0.0,
        -0.0,
        0.1,
        -90,
        180,
        1e300,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final String[] TEXTS = {"", "a", "Zürich", "1.5", "-7", "\uD834\uDD1E"};

    private PureFunctionLaws() {}

    /**
     * Calls a function with random and with extreme arguments, twice in different orders, the second time in another
     * locale and time zone.
     */
    public static void check(PureFunction function, long seed) {
        Random random = new Random(seed);
        List<Row> calls = new ArrayList<>();
        for (int call = 0; call < CALLS; call++) {
            calls.add(arguments(function, random));
        }
        List<String> first = outcomes(function, calls);
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
            Collections.reverse(calls);
            List<String> second = outcomes(function, calls);
            Collections.reverse(second);
            assertThat(second).as("%s, seed %d", function.name(), seed).isEqualTo(first);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    private static List<String> outcomes(PureFunction function, List<Row> calls) {
        List<String> outcomes = new ArrayList<>();
        for (Row arguments : calls) {
            Row before = arguments.widen(arguments.size());
            outcomes.add(outcome(function, arguments));
            assertThat(arguments)
                    .as("%s changes its arguments", function.name())
                    .isEqualTo(before);
        }
        return outcomes;
    }

    private static String outcome(PureFunction function, Row arguments) {
        Row out = new Row(1);
        try {
            function.apply(arguments, out);
        } catch (RuntimeException thrown) {
            return thrown.getClass().getName();
        }
        boolean text = out.getString(0) != null;
        assertThat(out.isNull(0) || text == (function.result() == ColumnType.STRING))
                .as("%s gives a %s", function.name(), function.result())
                .isTrue();
        assertThat(function.result() != ColumnType.BOOL || out.getLong(0) >>> 1 == 0)
                .as("%s gives a truth value", function.name())
                .isTrue();
        return out.toString();
    }

    private static Row arguments(PureFunction function, Random random) {
        Row row = new Row(function.parameters().size());
        for (int slot = 0; slot < row.size(); slot++) {
            switch (function.parameters().get(slot)) {
                case INT64 -> row.setLong(slot, random.nextBoolean() ? random.nextInt(10) : pick(INTEGERS, random));
                case FLOAT64 ->
                    row.setDouble(
                            slot,
                            random.nextBoolean()
                                    ? random.nextDouble() * 360 - 180
                                    : NUMBERS[random.nextInt(NUMBERS.length)]);
                case BOOL -> row.setBoolean(slot, random.nextBoolean());
                case TIMESTAMP -> row.setLong(slot, (long) (random.nextGaussian() * 1e12));
                default -> row.setString(slot, TEXTS[random.nextInt(TEXTS.length)]);
            }
        }
        return row;
    }

    private static long pick(long[] values, Random random) {
        return values[random.nextInt(values.length)];
    }
}
