package dev.tidewheel.feature.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelErrorCode;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
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
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random expressions over random rows: our closures and cel-java's own runtime must have the same values. */
class ExpressionAgainstCelTest {
    private static final int EXPRESSIONS = 4_000;
    private static final int ROWS = 5;
    private static final RowSchema SCHEMA = RandomExpressions.SCHEMA;
    private static final TypeParamType ANY = TypeParamType.create("A");

    private static final CelCompiler COMPILER = compiler();
    private static final CelRuntime RUNTIME = runtime();

    @Test
    void hasTheValuesOfCelsOwnRuntime() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RandomExpressions expressions = new RandomExpressions(random);
        int values = 0;
        int failures = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            RandomExpressions.Pair pair = expressions.next();
            Expression ours = Expression.compile(pair.ours(), SCHEMA);
            CelRuntime.Program theirs =
                    RUNTIME.createProgram(COMPILER.compile(pair.reference()).getAst());
            for (int n = 0; n < ROWS; n++) {
                boolean nulls = n % 2 == 1;
                Row row = expressions.row(nulls);
                Row out = new Row(1);
                Status status = ours.evaluate(row, out, 0);
                Object expected = evaluate(theirs, row);
                String where = "seed " + seed + ": " + pair.ours() + " over " + row;
                if (expected instanceof CelErrorCode code) {
                    failures++;
                    // Over rows with nulls, CEL reports whichever of a null operand and an error it meets first.
                    assertThat(status).as(where + ": " + code).isIn(nulls ? failuresOf(null) : failuresOf(code));
                } else {
                    values++;
                    assertThat(show(ours, status, out)).as(where).isEqualTo(expected);
                }
            }
        }
        // Otherwise the generator has degenerated and the test proves nothing.
        assertThat(values).isGreaterThan(EXPRESSIONS * ROWS / 3);
        assertThat(failures).isGreaterThan(EXPRESSIONS * ROWS / 20);
    }

    private static List<Status> failuresOf(CelErrorCode code) {
        if (code == null) {
            return List.of(Status.NULL, Status.ERROR, Status.OVERFLOW);
        }
        return switch (code) {
            case NUMERIC_OVERFLOW -> List.of(Status.OVERFLOW);
            case DIVIDE_BY_ZERO, BAD_FORMAT, INVALID_ARGUMENT -> List.of(Status.ERROR);
            default -> List.of();
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
    private static Object evaluate(CelRuntime.Program program, Row row) {
        Map<String, Object> variables = new HashMap<>();
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
                    return list.contains(x);
                }),
                CelFunctionBinding.from("min[int, int]", Long.class, Long.class, Math::min),
                CelFunctionBinding.from("max[int, int]", Long.class, Long.class, Math::max),
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

    private static void refuseNull(Object value) throws CelEvaluationException {
        if (value instanceof NullValue) {
            throw new CelEvaluationException("null");
        }
    }
}
