package dev.tidewheel.feature.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelErrorCode;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.exceptions.CelNumericOverflowException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.tidewheel.feature.expression.function.GeoDistance;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random expressions over random rows: our closures and cel-java's own runtime must have the same values. */
class ExpressionAgainstCelTest {
    /** {@code -Dtidewheel.expression.rows} for more. */
    private static final int ROWS = Integer.getInteger("tidewheel.expression.rows", 1_000_000);

    private static final int ROWS_PER_EXPRESSION = 250;
    private static final RowSchema SCHEMA = RandomExpressions.SCHEMA;
    private static final TypeParamType ANY = TypeParamType.create("A");

    private static final CelCompiler COMPILER = compiler();
    private static final CelRuntime RUNTIME = runtime();

    @Test
    void hasTheValuesOfCelsOwnRuntimeOnAMillionRows() throws Exception {
        long seed = Long.getLong("tidewheel.seed", new Random().nextLong());
        RandomExpressions expressions = new RandomExpressions(new Random(seed));
        Met met = new Met();
        while (met.rows < ROWS) {
            RandomExpressions.Pair pair = expressions.next();
            met.uses(pair.ours());
            compare(pair, expressions, met, seed);
        }
        met.everything();
    }

    private static void compare(RandomExpressions.Pair pair, RandomExpressions expressions, Met met, long seed)
            throws Exception {
        Expression ours = Expression.compile(pair.ours(), SCHEMA);
        CelRuntime.Program theirs =
                RUNTIME.createProgram(COMPILER.compile(pair.reference()).getAst());
        Map<String, Object> variables = new HashMap<>();
        Row out = new Row(1);
        for (int n = 0; n < ROWS_PER_EXPRESSION; n++) {
            boolean nulls = n % 2 == 1;
            Row row = expressions.row(nulls);
            Status status = ours.evaluate(row, out, 0);
            met.statuses.merge(status, 1, Integer::sum);
            met.rows++;
            Object expected = evaluate(theirs, row, variables);
            if (!agree(status, show(ours, status, out), expected, nulls)) {
                throw new AssertionError("-Dtidewheel.seed=" + seed + ": " + pair.ours() + " over " + row + " is "
                        + show(ours, status, out) + ", CEL's " + pair.reference() + " is " + expected);
            }
        }
    }

    private static boolean agree(Status status, Object value, Object expected, boolean nulls) {
        if (expected instanceof CelErrorCode code) {
            // Over rows with nulls, CEL reports whichever of a null operand and an error it meets first.
            return nulls
                    ? status == Status.NULL || status == Status.ERROR || status == Status.OVERFLOW
                    : status == statusOf(code);
        }
        return expected.equals(value);
    }

    /** What the programs came across: a generator that has degenerated proves nothing. */
    private static final class Met {
        private static final Pattern CALL = Pattern.compile("[a-z][A-Za-z0-9.]*(?=\\()");

        final Map<Status, Integer> statuses = new EnumMap<>(Status.class);
        final Set<String> functions = new TreeSet<>();
        int rows;

        void uses(String text) {
            CALL.matcher(text).results().forEach(call -> functions.add(lastName(call.group())));
        }

        private static String lastName(String called) {
            boolean registered = called.equals("geo.distance");
            return registered ? called : called.substring(called.lastIndexOf('.') + 1);
        }

        void everything() {
            assertThat(functions)
                    .containsAll(Signatures.functions().stream()
                            .filter(name -> !name.startsWith("test."))
                            .toList());
            assertThat(statuses)
                    .hasEntrySatisfying(Status.OK, count -> assertThat(count).isGreaterThan(rows / 3))
                    .hasEntrySatisfying(Status.NULL, count -> assertThat(count).isGreaterThan(rows / 20))
                    .hasEntrySatisfying(Status.ERROR, count -> assertThat(count).isGreaterThan(rows / 300))
                    .hasEntrySatisfying(
                            Status.OVERFLOW, count -> assertThat(count).isGreaterThan(rows / 300));
        }
    }

    private static Status statusOf(CelErrorCode code) {
        return switch (code) {
            case NUMERIC_OVERFLOW -> Status.OVERFLOW;
            case DIVIDE_BY_ZERO, BAD_FORMAT, INVALID_ARGUMENT -> Status.ERROR;
            default -> Status.OK;
        };
    }

    private static Object show(Expression expression, Status status, Row out) {
        if (status != Status.OK) {
            return status;
        }
        return switch (expression.type()) {
            case INT64 -> out.getLong(0);
            case FLOAT64 -> out.getDouble(0);
            case BOOL -> out.getBoolean(0);
            case STRING, JSON -> out.getString(0);
            case TIMESTAMP -> Instant.ofEpochMilli(out.getLong(0));
        };
    }

    /** The value, {@link Status#NULL} for CEL's null, or the code of the error. */
    private static Object evaluate(CelRuntime.Program program, Row row, Map<String, Object> variables) {
        for (int slot = 0; slot < SCHEMA.size(); slot++) {
            variables.put(SCHEMA.column(slot).name(), value(row, slot));
        }
        try {
            Object value = program.eval(variables);
            return value instanceof NullValue ? Status.NULL : value;
        } catch (CelEvaluationException e) {
            return e.getErrorCode();
        }
    }

    private static Object value(Row row, int slot) {
        if (row.isNull(slot)) {
            return NullValue.NULL_VALUE;
        }
        return switch (SCHEMA.column(slot).type()) {
            case INT64 -> row.getLong(slot);
            case FLOAT64 -> row.getDouble(slot);
            case BOOL -> row.getBoolean(slot);
            case STRING, JSON -> row.getString(slot);
            case TIMESTAMP -> Instant.ofEpochMilli(row.getLong(slot));
        };
    }

    private static CelCompiler compiler() {
        CelCompilerBuilder compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(CelFrontEnd.OPTIONS)
                .addFunctionDeclarations(Functions.declarations())
                .addFunctionDeclarations(Registered.declarations())
                .addFunctionDeclarations(
                        CelFunctionDecl.newFunctionDeclaration(
                                "truth", CelOverloadDecl.newGlobalOverload("truth", SimpleType.BOOL, SimpleType.BOOL)),
                        CelFunctionDecl.newFunctionDeclaration(
                                "same", CelOverloadDecl.newGlobalOverload("same", SimpleType.BOOL, ANY, ANY)),
                        CelFunctionDecl.newFunctionDeclaration(
                                "member",
                                CelOverloadDecl.newGlobalOverload(
                                        "member", SimpleType.BOOL, ANY, ListType.create(ANY))));
        for (Column column : SCHEMA.columns()) {
            compiler.addVar(column.name(), CelTypes.of(column.type()));
        }
        return compiler.build();
    }

    private static CelRuntime runtime() {
        List<CelFunctionBinding> bindings = new ArrayList<>(List.of(
                CelFunctionBinding.from("same", Object.class, Object.class, (x, y) -> {
                    refuseNull(x);
                    refuseNull(y);
                    // Not Double.equals: NaN equals nothing, −0.0 equals 0.0.
                    return x instanceof Double a && y instanceof Double b
                            ? a.doubleValue() == b.doubleValue()
                            : x.equals(y);
                }),
                CelFunctionBinding.from("truth", Object.class, x -> {
                    refuseNull(x);
                    return x;
                }),
                CelFunctionBinding.from("member", Object.class, List.class, (x, list) -> {
                    refuseNull(x);
                    return x instanceof Double number
                            ? list.stream().anyMatch(each -> (double) each == number)
                            : list.contains(x);
                }),
                CelFunctionBinding.from("min[int, int]", Long.class, Long.class, Math::min),
                CelFunctionBinding.from("max[int, int]", Long.class, Long.class, Math::max),
                CelFunctionBinding.from("min[double, double]", Double.class, Double.class, Math::min),
                CelFunctionBinding.from("max[double, double]", Double.class, Double.class, Math::max),
                CelFunctionBinding.from("pow[double, double]", Double.class, Double.class, StrictMath::pow),
                CelFunctionBinding.from("exp[double]", Double.class, StrictMath::exp),
                CelFunctionBinding.from("log1p[double]", Double.class, StrictMath::log1p),
                CelFunctionBinding.from("sin[double]", Double.class, StrictMath::sin),
                CelFunctionBinding.from("cos[double]", Double.class, StrictMath::cos),
                CelFunctionBinding.from("abs[int]", Long.class, ExpressionAgainstCelTest::abs),
                CelFunctionBinding.from(
                        "geo.distance",
                        Collections.nCopies(4, Double.class),
                        arguments -> distance((Double) arguments[0], (Double) arguments[1], (Double) arguments[2])),
                CelFunctionBinding.from("abs[double]", Double.class, Math::abs),
                CelFunctionBinding.from("floor[double]", Double.class, Math::floor),
                CelFunctionBinding.from("ceil[double]", Double.class, Math::ceil),
                CelFunctionBinding.from("sqrt[double]", Double.class, Math::sqrt),
                CelFunctionBinding.from("log[double]", Double.class, StrictMath::log),
                CelFunctionBinding.from("round[double]", Double.class, Math::rint)));
        return CelRuntimeFactory.standardCelRuntimeBuilder()
                .setOptions(CelFrontEnd.OPTIONS)
                .addFunctionBindings(bindings)
                .build();
    }

    private static Object abs(long x) {
        if (x == Long.MIN_VALUE) {
            throw new CelNumericOverflowException("abs of the least");
        }
        return Math.abs(x);
    }

    private static double distance(double latitude, double longitude, double to) {
        Row arguments = new Row(4)
                .setDouble(0, latitude)
                .setDouble(1, longitude)
                .setDouble(2, to)
                .setDouble(3, 8.5);
        Row out = new Row(1);
        new GeoDistance().apply(arguments, out);
        return out.getDouble(0);
    }

    private static void refuseNull(Object value) throws CelEvaluationException {
        if (value instanceof NullValue) {
            throw new CelEvaluationException("null");
        }
    }
}
