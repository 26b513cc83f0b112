package dev.tidewheel.feature.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/expressions.md} shows every function with its nulls and errors, and what it shows is true. */
class ExpressionDocumentationTest {
    private static final Path PAGE = Path.of("../../docs/expressions.md");
    private static final Pattern EXAMPLE = Pattern.compile("`([^`]+)` → (\\S+?)(?=, `|$)");
    private static final List<String> OPERATORS =
            List.of("+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "in", "&&", "||", "!", "?:");

    /** A row of the table: what is shown, and its examples by column. */
    private record Shown(String what, String value, String withNull, String fails) {}

    static Stream<String> shouldBeShown() {
        Stream<String> functions = Signatures.functions().stream().filter(name -> !name.startsWith("test."));
        return Stream.concat(OPERATORS.stream(), functions);
    }

    @ParameterizedTest
    @MethodSource("shouldBeShown")
    void everyFunctionIsShownWithItsNullsAndErrors(String function) {
        Shown shown = table().stream()
                .filter(row -> row.what().equals(function))
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/expressions.md, examples: no row for " + function));
        assertThat(examples(shown.value())).isNotEmpty().noneMatch(example -> isStatus(example[1]));
        assertThat(examples(shown.withNull()))
                .isNotEmpty()
                .allMatch(example -> example[0].matches(".*\\b(no_[a-z]+|null)\\b.*"));
        if (!shown.fails().equals("never")) {
            assertThat(examples(shown.fails())).isNotEmpty().anyMatch(example -> example[1].matches("ERROR|OVERFLOW"));
        }
    }

    @Test
    void everyExampleIsTrue() {
        RowSchema schema = new RowSchema(exampleColumns());
        Row row = exampleRow();
        int executed = 0;
        for (Shown shown : table()) {
            for (String cell : List.of(shown.value(), shown.withNull(), shown.fails())) {
                for (String[] example : examples(cell)) {
                    assertThat(show(Expression.compile(example[0], schema), row))
                            .as("docs/expressions.md: `%s`", example[0])
                            .isEqualTo(example[1]);
                    executed++;
                }
            }
        }
        assertThat(executed).isGreaterThan(100);
    }

    /** What never fails does not fail on the values that are most likely to make it. */
    @Test
    void whatNeverFailsDoesNot() {
        Set<Status> met = EnumSet.noneOf(Status.class);
        RandomExpressions random = new RandomExpressions(new Random(5));
        for (Shown shown : table()) {
            if (!shown.fails().equals("never")) {
                continue;
            }
            for (String[] example : examples(shown.value())) {
                String text = overColumns(example[0]);
                Expression expression = Expression.compile(text, RandomExpressions.SCHEMA);
                for (int n = 0; n < 2_000; n++) {
                    Row row = random.row(n % 2 == 0);
                    Status status = expression.evaluate(row, new Row(1), 0);
                    met.add(status);
                    assertThat(status).as("%s over %s", text, row).isIn(Status.OK, Status.NULL);
                }
            }
        }
        assertThat(met).containsExactlyInAnyOrder(Status.OK, Status.NULL);
    }

    private static String overColumns(String text) {
        return text.replaceAll("\\bdelay\\b", "i")
                .replaceAll("\\bmiles\\b", "x")
                .replaceAll("\\blate\\b", "b")
                .replaceAll("\\borigin\\b", "s")
                .replaceAll("\\bdate\\b", "at")
                .replaceAll("(?<=[(])-?[0-9]+\\.[0-9]+", "x");
    }

    private static boolean isStatus(String value) {
        return Arrays.stream(Status.values()).anyMatch(status -> status.name().equals(value));
    }

    private static List<Shown> table() {
        return section("examples").stream()
                .map(cells -> new Shown(cells.get(0), cells.get(1), cells.get(2), cells.get(3)))
                .toList();
    }

    private static List<String[]> examples(String cell) {
        List<String[]> examples = new ArrayList<>();
        Matcher matcher = EXAMPLE.matcher(cell);
        while (matcher.find()) {
            examples.add(new String[] {matcher.group(1), matcher.group(2)});
        }
        return examples;
    }

    private static List<Column> exampleColumns() {
        return section("example row").stream()
                .map(cells -> new Column(cells.get(0), type(cells.get(1))))
                .toList();
    }

    private static ColumnType type(String word) {
        return switch (word) {
            case "int" -> ColumnType.INT64;
            case "double" -> ColumnType.FLOAT64;
            case "bool" -> ColumnType.BOOL;
            case "string" -> ColumnType.STRING;
            case "timestamp" -> ColumnType.TIMESTAMP;
            default -> throw new AssertionError("docs/expressions.md: no type is called " + word);
        };
    }

    private static Row exampleRow() {
        List<List<String>> cells = section("example row");
        Row row = new Row(cells.size());
        for (int slot = 0; slot < row.size(); slot++) {
            String value = cells.get(slot).get(2).replace("`", "");
            if (value.equals("null")) {
                continue;
            }
            switch (type(cells.get(slot).get(1))) {
                case INT64 -> row.setLong(slot, Long.parseLong(value));
                case FLOAT64 -> row.setDouble(slot, Double.parseDouble(value));
                case BOOL -> row.setBoolean(slot, Boolean.parseBoolean(value));
                case TIMESTAMP -> row.setLong(slot, Instant.parse(value).toEpochMilli());
                default -> row.setString(slot, value);
            }
        }
        return row;
    }

    /** The cells of a marked table's rows, without its head; the first cell without its markup. */
    private static List<List<String>> section(String name) {
        String page = page();
        String begin = "<!-- " + name + ": begin -->\n";
        int from = page.indexOf(begin);
        int to = page.indexOf("<!-- " + name + ": end -->");
        assertThat(from).as("docs/expressions.md has a table '%s'", name).isBetween(0, to);
        return page.substring(from + begin.length(), to)
                .lines()
                .skip(2)
                .map(ExpressionDocumentationTest::cells)
                .toList();
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.split("(?<!\\\\)\\|")) {
            cells.add(cell.strip().replace("\\|", "|"));
        }
        cells.remove(0);
        cells.set(0, cells.get(0).replaceAll("`|</?code>", "").replace("&#124;", "|"));
        return cells;
    }

    private static String page() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String show(Expression expression, Row in) {
        Row out = new Row(1);
        Status status = expression.evaluate(in, out, 0);
        if (status != Status.OK) {
            return status.name();
        }
        return switch (expression.type()) {
            case FLOAT64 -> Double.toString(out.getDouble(0));
            case BOOL -> Boolean.toString(out.getBoolean(0));
            case STRING -> String.valueOf(out.getString(0));
            default -> Long.toString(out.getLong(0));
        };
    }
}
