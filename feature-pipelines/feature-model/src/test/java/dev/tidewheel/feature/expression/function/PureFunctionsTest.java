package dev.tidewheel.feature.expression.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.expression.ExpressionException;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PureFunctionsTest {
    private static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("x", ColumnType.FLOAT64),
            new Column("i", ColumnType.INT64),
            new Column("name", ColumnType.STRING),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("nothing", ColumnType.FLOAT64),
            new Column("view.y", ColumnType.FLOAT64)));

    /** 3 February 2001 was a Saturday. */
    private static final Row ROW = new Row(SCHEMA.size())
            .setDouble(0, 48.8566)
            .setLong(1, 2)
            .setString(2, "Paris")
            .setLong(3, 981_158_400_000L)
            .setDouble(5, 1.5);

    @AfterEach
    void firstVersion() {
        TestFunctions.Counted.version = 1;
    }

    static Collection<PureFunction> functions() {
        return PureFunctions.all();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void equalArgumentsGiveEqualBits(PureFunction function) {
        PureFunctionLaws.check(function, 1);
    }

    @Test
    void theLawsFindAFunctionThatRemembers() {
        PureFunction remembering = new PureFunction() {
            private int calls;

            @Override
            public String name() {
                return "test.remembering";
            }

            @Override
            public int version() {
                return 1;
            }

            @Override
            public List<ColumnType> parameters() {
                return List.of(ColumnType.INT64);
            }

            @Override
            public ColumnType result() {
                return ColumnType.INT64;
            }

            @Override
            public void apply(Row arguments, Row out) {
                out.setLong(0, ++calls);
            }
        };
        assertThatThrownBy(() -> PureFunctionLaws.check(remembering, 1)).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "geo.distance(x, 2.3522, 51.5074, -0.1278) > 343.0      # true",
                "geo.distance(x, x, x, x)                               # 0.0",
                "geo.distance(x, 2.3522, nothing, 0.0)                  # NULL",
                "coalesce(geo.distance(nothing, 0.0, 0.0, 0.0), -1.0)   # -1.0",
                "geo.distance(double('x'), nothing, 0.0, 0.0)           # ERROR",
                "geo.distance(nothing, double('x'), 0.0, 0.0)           # ERROR",
                "test.initials(name, i)                                 # Pa",
                "test.initials(test.initials(name, 3), 1) + '!'         # P!",
                "test.initials('', i)                                   # NULL",
                "test.initials(name, 6)                                 # ERROR",
                "test.initials(name, -i) == 'x'                         # ERROR",
                "test.initials(name, 9223372036854775807 + i)           # OVERFLOW",
                "test.tenths('1.5') + i                                 # 17",
                "test.tenths(name)                                      # ERROR",
                "test.tenths(name) == 1 || true                         # true",
                "test.weekend(at, false)                                # true",
                "test.weekend(at, size(name) > 9) ? i : 0               # 2",
                "test.counted(view.y)                                   # 2.5",
            })
    void areCalledLikeAnyOther(String text, String expected) {
        Expression expression = Expression.compile(text, SCHEMA);
        Row out = new Row(1);
        Status status = expression.evaluate(ROW, out, 0);
        assertThat(status == Status.OK ? show(expression, out) : status.name()).isEqualTo(expected);
        assertThat(out.isNull(0)).isEqualTo(status != Status.OK);
    }

    private static String show(Expression expression, Row out) {
        return switch (expression.type()) {
            case FLOAT64 -> Double.toString(out.getDouble(0));
            case BOOL -> Boolean.toString(out.getBoolean(0));
            case STRING -> String.valueOf(out.getString(0));
            default -> Long.toString(out.getLong(0));
        };
    }

    /** Great circles whose length is known without the formula. */
    @Test
    void aQuarterOfTheEquatorIsAQuarterOfTheCircumference() {
        assertThat(distance("0.0, 0.0, 0.0, 90.0")).isCloseTo(StrictMath.PI * 6371.0088 / 2, within(1e-9));
        assertThat(distance("90.0, 17.0, -90.0, 4.0")).isCloseTo(StrictMath.PI * 6371.0088, within(1e-9));
        assertThat(distance("0.0, 179.5, 0.0, -179.5"))
                .as("over the date line")
                .isCloseTo(StrictMath.PI * 6371.0088 / 180, within(1e-9));
        assertThat(distance("double('NaN'), 0.0, 0.0, 0.0")).isNaN();
    }

    private static double distance(String arguments) {
        Row out = new Row(1);
        assertThat(Expression.compile("geo.distance(" + arguments + ")", SCHEMA).evaluate(ROW, out, 0))
                .isEqualTo(Status.OK);
        return out.getDouble(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "geo.distanze(x, x, x, x)    # 0  # did you mean 'geo.distance'?",
                "1.0 + risk.score(x)         # 6  # put the jar that registers it on the class path",
                "risk.score(x) > 1.0         # 0  # docs/tasks/add-a-function.md; registered are: geo.distance",
                "geo.distance(x, x)          # 12 # write geo.distance(double, double, double, double)",
                "geo.distance(i, x, x, x)    # 12 # write geo.distance(double",
                "test.initials(name)         # 13 # write test.initials(string, int)",
                "risk.getHours()             # 0  # no column 'risk'",
            })
    void aFunctionThatIsNotThereIsRefusedWithTheRemedy(String text, int offset, String message) {
        assertThatThrownBy(() -> Expression.compile(text, SCHEMA))
                .isInstanceOfSatisfying(
                        ExpressionException.class,
                        refusal -> assertThat(refusal.offset()).isEqualTo(offset))
                .hasMessageContaining(message);
    }

    @Test
    void anExpressionKnowsWhichVersionsItCalls() {
        assertThat(Expression.compile("test.counted(x) + geo.distance(x, x, test.counted(x), x)", SCHEMA)
                        .functions())
                .containsExactly("geo.distance@1", "test.counted@1");
        assertThat(Expression.compile("x + 1.0", SCHEMA).functions()).isEmpty();
    }

    @Test
    void stateOfAnotherVersionIsNotReadAsItsOwn() {
        ViewPlan first = plan();
        KeyState state = new KeyState(first);
        assertThat(state.route(new Change(false, EventId.of(1), 0, 0, ROW), false))
                .isEqualTo(Disposition.APPLIED);
        state.fold();
        KeyState.decode(plan(), state.encodeBase(), state.encodeHead());

        TestFunctions.Counted.version = 2;

        assertThat(plan().functions()).containsExactly("test.counted@2");
        assertThatThrownBy(() -> KeyState.decode(plan(), state.encodeBase(), state.encodeHead()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ViewPlan plan() {
        FeatureSpec feature = new FeatureSpec(
                "sum", "sum", Map.of(), Optional.of("test.counted(x)"), Optional.empty(), new Window.Lifetime());
        return ViewPlan.compile(
                new ViewSpec(
                        "counted",
                        List.of("name"),
                        Optional.empty(),
                        List.of(),
                        List.of(feature),
                        1_000,
                        1_000,
                        1_000,
                        8),
                SCHEMA);
    }

    @Test
    void aRowOnWhichItThrowsIsRejectedAndNamesTheExpression() {
        ViewPlan plan = ViewPlan.compile(
                new ViewSpec(
                        "v",
                        List.of("name"),
                        Optional.empty(),
                        List.of(new ViewSpec.DerivedColumn("short", "test.initials(name, 6)")),
                        List.of(new FeatureSpec(
                                "n", "count", Map.of(), Optional.empty(), Optional.empty(), new Window.Lifetime())),
                        1_000,
                        1_000,
                        1_000,
                        8),
                SCHEMA);
        Change change = new Change(false, EventId.of(1), 0, 0, ROW);
        assertThat(new KeyState(plan).route(change, false)).isEqualTo(Disposition.REJECTED);
        assertThat(plan.rejection(change))
                .hasValueSatisfying(reason -> assertThat(reason).contains("'test.initials(name, 6)' gave ERROR"));
    }

    @Test
    void whatCannotBeRegisteredStopsTheProcessAndSaysWhich() {
        PureFunction distance = new GeoDistance();
        assertThatThrownBy(() -> PureFunctions.index(List.of(distance, new GeoDistance())))
                .isInstanceOf(ServiceConfigurationError.class)
                .hasMessageContaining("two functions are called 'geo.distance'");
        assertThatThrownBy(() -> PureFunctions.index(List.of(named("distance", 1))))
                .hasMessageContaining("write a namespace");
        assertThatThrownBy(() -> PureFunctions.index(List.of(named("geo.length", 0))))
                .hasMessageContaining("a version is at least 1, got 0");
    }

    private static PureFunction named(String name, int version) {
        return new PureFunction() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public int version() {
                return version;
            }

            @Override
            public List<ColumnType> parameters() {
                return List.of(ColumnType.INT64);
            }

            @Override
            public ColumnType result() {
                return ColumnType.INT64;
            }

            @Override
            public void apply(Row arguments, Row out) {
                out.setLong(0, arguments.getLong(0));
            }
        };
    }
}
