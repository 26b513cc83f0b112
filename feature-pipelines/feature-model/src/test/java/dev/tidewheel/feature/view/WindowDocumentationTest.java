package dev.tidewheel.feature.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.window.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The worked examples of {@code docs/values.md} are true: of the state that serves, and of the oracle. */
class WindowDocumentationTest {
    private static final Path PAGE = Path.of("../../docs/values.md");
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final Map<String, Window> WINDOWS = Map.of(
            "`1h`", Window.Sliding.of(HOUR),
            "`1h, resolution: 0`", new Window.Exact(HOUR, Window.Exact.DEFAULT_EVENTS),
            "`1h, resolution: 0, maxEvents: 3`", new Window.Exact(HOUR, 3),
            "`{tumbling: 1h}`", new Window.Hopping(HOUR, HOUR),
            "`{hopping: 1h, every: 20m}`", new Window.Hopping(HOUR, 20 * MINUTE),
            "`{session: 30m, maxLength: 1d}`", new Window.Session(30 * MINUTE, 24 * HOUR),
            "`{rows: 2}`", new Window.Rows(2),
            "`lifetime`", new Window.Lifetime());

    @Test
    void everyWorkedExampleIsTrue() throws IOException {
        List<List<String>> tables = rows("### Windows at work");
        List<Change> changes = tables.stream()
                .filter(row -> row.get(0).matches("[a-e]"))
                .map(WindowDocumentationTest::change)
                .sorted(Comparator.comparingLong(Change::knownTime))
                .toList();
        assertThat(changes).hasSize(5);
        Set<String> shown = new LinkedHashSet<>();
        for (List<String> row : tables) {
            if (row.get(0).startsWith("`")) {
                shown.add(row.get(0));
                Window window = Objects.requireNonNull(WINDOWS.get(row.get(0)), row.get(0));
                assertThat(sum(window, changes, time(row.get(1))))
                        .as("docs/values.md: %s", row)
                        .isEqualTo(row.get(2));
            }
        }
        assertThat(shown).containsExactlyInAnyOrderElementsOf(WINDOWS.keySet());
    }

    private static String sum(Window window, List<Change> changes, long t) {
        ViewSpec spec = new ViewSpec(
                "v",
                List.of("x"),
                Optional.empty(),
                List.of(),
                List.of(new FeatureSpec("sum", "sum", Map.of(), Optional.of("x"), Optional.empty(), window)),
                2 * HOUR,
                0,
                0,
                0);
        ViewPlan plan = ViewPlan.compile(spec, new RowSchema(List.of(new Column("x", ColumnType.INT64))));
        KeyState state = new KeyState(plan);
        changes.stream().filter(change -> change.visibleAt() <= t).forEach(change -> state.route(change, false));
        String served = text(state.read(t));
        assertThat(text(new NaiveOracle(plan, changes).valuesAt(t))).isEqualTo(served);
        return served;
    }

    private static String text(FeatureValues values) {
        return switch (values.status(0)) {
            case OK -> Long.toString(values.row().getLong(0));
            case NULL -> "null";
            default -> values.status(0).toString();
        };
    }

    private static Change change(List<String> row) {
        long x = Long.parseLong(row.get(3));
        return new Change(false, EventId.of(row.get(0)), time(row.get(1)), time(row.get(2)), new Row(1).setLong(0, x));
    }

    private static long time(String text) {
        return LocalDate.of(2001, 2, 1)
                .atTime(LocalTime.parse(text))
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
    }

    /** The rows of all tables under a heading. */
    private static List<List<String>> rows(String heading) throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(heading);
        assertThat(from).isPositive();
        int to = page.indexOf("\n#", from + heading.length());
        return page.substring(from, to)
                .lines()
                .filter(line -> line.startsWith("| "))
                .map(line -> Arrays.stream(line.split("\\|"))
                        .skip(1)
                        .map(String::strip)
                        .toList())
                .toList();
    }
}
