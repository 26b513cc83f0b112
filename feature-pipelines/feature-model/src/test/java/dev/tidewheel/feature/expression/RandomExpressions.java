package dev.tidewheel.feature.expression;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * Random well-typed expressions in two dialects: ours, and CEL as its own runtime understands it, where what we define
 * for nulls is spelt out: {@code same} is an equality that has no overload for null, {@code member} an {@code in}, and {@code truth} makes a null an
 * error that {@code ||} may absorb.
 */
final class RandomExpressions {
    static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("i", ColumnType.INT64),
            new Column("j", ColumnType.INT64),
            new Column("x", ColumnType.FLOAT64),
            new Column("view.y", ColumnType.FLOAT64),
            new Column("b", ColumnType.BOOL),
            new Column("c", ColumnType.BOOL),
            new Column("s", ColumnType.STRING),
            new Column("t", ColumnType.STRING),
            new Column("at", ColumnType.TIMESTAMP)));

    private static final String[] TEXTS = {"", "a", "ORD", "LAX", "12", "-7", "1.5", "\uD834\uDD1E", "né"};
    private static final long[] INTS = {0, 1, -1, 2, 7, 15, 1000, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1};
    private static final double[] DOUBLES = {
        0.0, -0.0, 1.0, -1.5, 0.1, 1e19, -1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE
    };

    /** One expression: ours and the reference's. */
    record Pair(String ours, String reference) {
        static Pair same(String text) {
            return new Pair(text, text);
        }
    }

    private final Random random;

    RandomExpressions(Random random) {
        this.random = random;
    }

    Pair next() {
        return of(anyType(), 4);
    }

    /** To CEL, JSON is text. */
    private ColumnType anyType() {
        ColumnType[] types = ColumnType.values();
        ColumnType type = types[random.nextInt(types.length)];
        return type == ColumnType.JSON ? ColumnType.STRING : type;
    }

    private Pair of(ColumnType type, int depth) {
        if (depth == 0 || random.nextInt(8) == 0) {
            return leaf(type);
        }
        if (random.nextInt(8) == 0) {
            return join("(%s ? %s : %s)", of(ColumnType.BOOL, depth - 1), of(type, depth - 1), of(type, depth - 1));
        }
        if (random.nextInt(12) == 0) {
            Pair column = column(type);
            Pair fallback = of(type, depth - 1);
            return new Pair(
                    "coalesce(%s, %s)".formatted(column.ours(), fallback.ours()),
                    "(%s == null ? %s : %s)".formatted(column.reference(), fallback.reference(), column.reference()));
        }
        return switch (type) {
            case INT64 -> integer(depth - 1);
            case FLOAT64 -> number(depth - 1);
            case BOOL -> truth(depth - 1);
            case STRING, JSON -> text(depth - 1);
            case TIMESTAMP -> time(depth - 1);
        };
    }

    /** Within the years that CEL knows. */
    private Pair time(int depth) {
        return switch (random.nextInt(3)) {
            case 0 -> join("timestamp(%s %% 1000000000)", of(ColumnType.INT64, depth));
            case 1 -> Pair.same("timestamp('" + Instant.ofEpochSecond(random.nextInt()) + "')");
            default -> leaf(ColumnType.TIMESTAMP);
        };
    }

    private Pair integer(int depth) {
        return switch (random.nextInt(11)) {
            case 7 -> join("abs(%s)", of(ColumnType.INT64, depth));
            case 0 -> join("(-%s)", of(ColumnType.INT64, depth));
            case 1 -> join("int(%s)", of(ColumnType.FLOAT64, depth));
            case 2 -> join("int(%s)", of(ColumnType.STRING, depth));
            case 3 -> join(pick("size(%s)", "%s.size()"), of(ColumnType.STRING, depth));
            case 4 -> join(pick("min", "max") + "(%s, %s)", of(ColumnType.INT64, depth), of(ColumnType.INT64, depth));
            case 5 ->
                join(
                        "%s."
                                + pick(
                                        "getHours",
                                        "getMinutes",
                                        "getSeconds",
                                        "getMilliseconds",
                                        "getDayOfWeek",
                                        "getDayOfMonth",
                                        "getDate",
                                        "getMonth",
                                        "getFullYear",
                                        "getDayOfYear")
                                + "()",
                        of(ColumnType.TIMESTAMP, depth));
            case 6 -> join("int(%s)", of(ColumnType.TIMESTAMP, depth));
            default ->
                join(
                        "(%s " + pick("+", "-", "*", "/", "%%") + " %s)",
                        of(ColumnType.INT64, depth),
                        of(ColumnType.INT64, depth));
        };
    }

    private Pair number(int depth) {
        return switch (random.nextInt(10)) {
            case 4 ->
                join(
                        pick("min", "max", "pow") + "(%s, %s)",
                        of(ColumnType.FLOAT64, depth),
                        of(ColumnType.FLOAT64, depth));
            case 5 ->
                join("geo.distance(%s, %s, x, 8.5)", of(ColumnType.FLOAT64, depth), of(ColumnType.FLOAT64, depth));
            case 0 -> join("(-%s)", of(ColumnType.FLOAT64, depth));
            case 1 -> join("double(%s)", of(ColumnType.INT64, depth));
            case 2 -> join("double(%s)", of(ColumnType.STRING, depth));
            case 3 ->
                join(
                        pick("abs", "floor", "ceil", "sqrt", "exp", "log", "log1p", "sin", "cos", "round") + "(%s)",
                        of(ColumnType.FLOAT64, depth));
            default ->
                join(
                        "(%s " + pick("+", "-", "*", "/") + " %s)",
                        of(ColumnType.FLOAT64, depth),
                        of(ColumnType.FLOAT64, depth));
        };
    }

    private Pair text(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> join("string(%s)", of(anyType(), depth));
            default -> join("(%s + %s)", of(ColumnType.STRING, depth), of(ColumnType.STRING, depth));
        };
    }

    private Pair truth(int depth) {
        ColumnType type = anyType();
        return switch (random.nextInt(9)) {
            case 0, 1 -> join("(%s && %s)", of(ColumnType.BOOL, depth), of(ColumnType.BOOL, depth));
            case 2, 3 -> join("(%s || %s)", of(ColumnType.BOOL, depth), of(ColumnType.BOOL, depth));
            case 4 -> join("!(%s)", of(ColumnType.BOOL, depth));
            case 5 -> join("(%s " + pick("== null", "!= null") + ")", column(type));
            case 6 -> equality(type, depth);
            case 7 ->
                random.nextBoolean()
                        ? membership(depth)
                        : join(
                                "%s." + pick("startsWith", "endsWith", "contains") + "(%s)",
                                of(ColumnType.STRING, depth),
                                of(ColumnType.STRING, depth));
            default -> join("(%s " + pick("<", "<=", ">", ">=") + " %s)", of(type, depth), of(type, depth));
        };
    }

    private Pair equality(ColumnType type, int depth) {
        Pair left = of(type, depth);
        Pair right = of(type, depth);
        boolean negated = random.nextBoolean();
        return new Pair(
                "(%s %s %s)".formatted(left.ours(), negated ? "!=" : "==", right.ours()),
                "%ssame(%s, %s)".formatted(negated ? "!" : "", left.reference(), right.reference()));
    }

    private Pair membership(int depth) {
        ColumnType type =
                List.of(ColumnType.INT64, ColumnType.FLOAT64, ColumnType.STRING).get(random.nextInt(3));
        Pair value = of(type, depth);
        String list = "[%s, %s, %s]".formatted(literal(type), literal(type), literal(type));
        return new Pair(
                "(%s in %s)".formatted(value.ours(), list), "member(%s, %s)".formatted(value.reference(), list));
    }

    private Pair leaf(ColumnType type) {
        boolean literal = type != ColumnType.TIMESTAMP && random.nextInt(3) == 0;
        if (literal) {
            return Pair.same(literal(type));
        }
        Pair column = column(type);
        return type == ColumnType.BOOL ? new Pair(column.ours(), "truth(" + column.reference() + ")") : column;
    }

    private String literal(ColumnType type) {
        return switch (type) {
            case INT64 -> Integer.toString(random.nextInt(20) - 4);
            case FLOAT64 -> Double.toString((random.nextInt(40) - 10) / 4.0);
            case BOOL -> Boolean.toString(random.nextBoolean());
            case STRING, JSON -> "'" + TEXTS[random.nextInt(TEXTS.length)] + "'";
            case TIMESTAMP -> throw new IllegalArgumentException("timestamps are columns here");
        };
    }

    private Pair column(ColumnType type) {
        List<Column> columns = SCHEMA.columns().stream()
                .filter(column -> column.type() == type)
                .toList();
        return Pair.same(columns.get(random.nextInt(columns.size())).name());
    }

    private String pick(String... words) {
        return words[random.nextInt(words.length)];
    }

    private static Pair join(String format, Pair... parts) {
        Object[] ours = new Object[parts.length];
        Object[] reference = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            ours[i] = parts[i].ours();
            reference[i] = parts[i].reference();
        }
        return new Pair(format.formatted(ours), format.formatted(reference));
    }

    /** A row over {@link #SCHEMA}, with nulls or without. */
    Row row(boolean withNulls) {
        Row row = new Row(SCHEMA.size());
        for (int slot = 0; slot < row.size(); slot++) {
            if (withNulls && random.nextInt(3) == 0) {
                continue;
            }
            switch (SCHEMA.column(slot).type()) {
                case INT64 ->
                    row.setLong(
                            slot, random.nextBoolean() ? random.nextInt(50) - 10 : INTS[random.nextInt(INTS.length)]);
                case FLOAT64 ->
                    row.setDouble(
                            slot,
                            random.nextBoolean()
                                    ? random.nextGaussian() * 20
                                    : DOUBLES[random.nextInt(DOUBLES.length)]);
                case BOOL -> row.setBoolean(slot, random.nextBoolean());
                case STRING, JSON -> row.setString(slot, TEXTS[random.nextInt(TEXTS.length)]);
                case TIMESTAMP -> row.setLong(slot, (long) (random.nextGaussian() * 1e12));
            }
        }
        return row;
    }
}
