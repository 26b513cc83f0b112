package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code docs/aggregates.md} is what the code says of its aggregates, and what it does: the values on the page are
 * computed, by the state that serves and by the naive oracle, which must agree. To write the page anew:
 *
 * <pre>./mvnw -pl feature-pipelines/feature-model -am test -Dtest=AggregateReferenceTest -Ddocs.write=true \
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class AggregateReferenceTest {
    private static final Path PAGE = Path.of("../../docs/aggregates.md");
    private static final String HOW =
            "docs/aggregates.md is not what the code says: read the comment of AggregateReferenceTest, which writes it";
    private static final String BEGIN = "<!-- aggregates: begin -->\n";
    private static final String END = "<!-- aggregates: end -->\n";

    private static final long NINE = Instant.parse("2001-02-01T09:00:00Z").toEpochMilli();
    private static final Window HOUR = Window.Sliding.of(3_600_000);
    private static final RowSchema FLIGHTS = new RowSchema(List.of(
            new Column("delay", ColumnType.INT64),
            new Column("fare", ColumnType.FLOAT64),
            new Column("carrier", ColumnType.STRING),
            new Column("full", ColumnType.BOOL)));
    private static final List<Change> CHANGES = List.of(
            flight("a", 5, 10L, 100.0, "AA", true),
            flight("b", 15, 30L, 250.0, "UA", false),
            flight("c", 25, 10L, 120.0, "AA", true),
            flight("d", 40, -5L, 80.5, "WN", false),
            flight("e", 55, null, 60.0, "AA", true));

    /** Where another column than the first that fits tells more. */
    private static final Map<String, String> OF = Map.of(
            "distinct",
            "carrier",
            "approx_distinct",
            "carrier",
            "frequent",
            "carrier",
            "top_k",
            "carrier",
            "bottom_k",
            "carrier");

    private static final Map<String, String> BY = Map.of("top_k", "fare", "bottom_k", "fare");
    private static final Map<String, Map<String, List<Double>>> PARAMETERS = Map.of(
            "histogram", Map.of("edges", List.of(0.0, 15.0, 60.0)),
            "decayed_sum", Map.of("halfLife", List.of(3600.0)),
            "decayed_mean", Map.of("halfLife", List.of(3600.0)));

    static Collection<Aggregate> aggregates() {
        return Aggregates.all();
    }

    @Test
    void thePageIsWhatTheCodeSays() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        String written = Aggregates.all().stream()
                .map(AggregateReferenceTest::section)
                .collect(Collectors.joining("\n", events() + "\n", ""));
        assertThat(from).as("the page marks the place").isGreaterThanOrEqualTo(BEGIN.length());
        if (Boolean.getBoolean("docs.write")) {
            page = page.substring(0, from) + written + page.substring(page.indexOf(END));
            Files.writeString(PAGE, page);
        }
        assertThat(page.substring(from, page.indexOf(END))).as(HOW).isEqualTo(written);
    }

    @ParameterizedTest
    @MethodSource("aggregates")
    void everyExampleIsWhatTheOracleSays(Aggregate aggregate) {
        ViewPlan plan = plan(aggregate);
        FeatureValues naive = new NaiveOracle(plan, CHANGES).valuesAt(NINE);
        assertThat(shown(plan, naive)).isEqualTo(shown(plan, streamed(plan, CHANGES)));
    }

    private static String events() {
        StringBuilder table =
                new StringBuilder("| departure | delay | fare | carrier | full |\n|---|---|---|---|---|\n");
        for (Change change : CHANGES) {
            Row row = change.row();
            table.append("| ").append(Instant.ofEpochMilli(change.eventTime()).toString(), 11, 16);
            for (int slot = 0; slot < FLIGHTS.size(); slot++) {
                table.append(" | ")
                        .append(
                                row.isNull(slot)
                                        ? "null"
                                        : text(row, slot, FLIGHTS.column(slot).type()));
            }
            table.append(" |\n");
        }
        return table.toString();
    }

    private static String section(Aggregate aggregate) {
        StringBuilder text = new StringBuilder();
        text.append("### ")
                .append(aggregate.name())
                .append("\n\n")
                .append(aggregate.meaning())
                .append("\n\n");
        text.append("| | |\n|---|---|\n");
        line(text, "`of`", input(aggregate.of()));
        line(text, "`by`", input(aggregate.by()));
        for (Parameter parameter : aggregate.parameters()) {
            line(text, "parameter `" + parameter.name() + "`", parameter.meaning() + ": " + parameter.range());
        }
        line(text, "value", result(aggregate));
        line(text, "empty window", aggregate.empty());
        nan(aggregate).ifPresent(value -> line(text, "with a NaN", value));
        line(
                text,
                "class",
                perInput(aggregate, bound -> bound.partial().promise().name()));
        line(
                text,
                "takes rows away",
                perInput(aggregate, bound -> bound.partial().retracts() ? "yes" : "no"));
        line(
                text,
                "bytes per tile",
                perInput(aggregate, bound -> "about " + bound.partial().typicalBytes()));
        if (aggregate.overTime()) {
            line(text, "windows", "with a beginning in time: not `lifetime`, not rows");
        }
        ViewPlan plan = plan(aggregate);
        line(text, "example", "`" + yaml(aggregate) + "` is `" + shown(plan, streamed(plan, CHANGES)) + "`");
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append("| ").append(what).append(" | ").append(value).append(" |\n");
    }

    private static String input(Input input) {
        String types = input.types().size() == ColumnType.values().length
                ? "any type"
                : input.types().stream().map(ColumnType::name).collect(Collectors.joining(", "));
        return switch (input.need()) {
            case NONE -> "–";
            case OPTIONAL -> types + "; may be left out";
            case REQUIRED -> types;
        };
    }

    private static String result(Aggregate aggregate) {
        boolean same = aggregate.operands().stream()
                .allMatch(input ->
                        input.of().equals(Optional.of(aggregate.example(input).result())));
        return same
                ? "of the type of `of`"
                : perInput(aggregate, bound -> bound.result().name());
    }

    /** One text if all inputs have the same; else per text the inputs that have it. */
    private static String perInput(Aggregate aggregate, Function<BoundAggregate<?>, String> property) {
        Map<String, List<String>> inputs = new LinkedHashMap<>();
        for (Operands operands : aggregate.operands()) {
            String of = operands.of().map(ColumnType::name).orElse("rows");
            List<String> same =
                    inputs.computeIfAbsent(property.apply(aggregate.example(operands)), any -> new ArrayList<>());
            if (!same.contains(of)) {
                same.add(of);
            }
        }
        if (inputs.size() == 1) {
            return inputs.keySet().iterator().next();
        }
        return inputs.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
                .collect(Collectors.joining(", "));
    }

    /** The value over fares of which one is NaN. */
    private static Optional<String> nan(Aggregate aggregate) {
        if (!aggregate.of().types().contains(ColumnType.FLOAT64)) {
            return Optional.empty();
        }
        List<Change> changes = new ArrayList<>(CHANGES);
        changes.add(flight("f", 57, 20L, Double.NaN, "AA", false));
        ViewPlan plan = ViewPlan.compile(view(aggregate, Optional.of("fare")), FLIGHTS);
        String value = shown(plan, streamed(plan, changes));
        assertThat(shown(plan, new NaiveOracle(plan, changes).valuesAt(NINE))).isEqualTo(value);
        return Optional.of("the fares and a NaN: `" + value + "`");
    }

    private static ViewPlan plan(Aggregate aggregate) {
        return ViewPlan.compile(view(aggregate, of(aggregate)), FLIGHTS);
    }

    private static ViewSpec view(Aggregate aggregate, Optional<String> of) {
        FeatureSpec feature = new FeatureSpec(
                "x",
                aggregate.name(),
                parameters(aggregate),
                of,
                by(aggregate),
                Optional.empty(),
                Optional.empty(),
                HOUR);
        return new ViewSpec(
                "v", List.of("carrier"), Optional.empty(), List.of(), List.of(feature), 86_400_000, 0, 0, 0);
    }

    private static Parameters parameters(Aggregate aggregate) {
        return new Parameters(PARAMETERS.getOrDefault(aggregate.name(), Map.of()));
    }

    private static Optional<String> of(Aggregate aggregate) {
        return column(aggregate.of(), Optional.ofNullable(OF.get(aggregate.name())));
    }

    private static Optional<String> by(Aggregate aggregate) {
        return BY.containsKey(aggregate.name()) || aggregate.by().need() == Input.Need.REQUIRED
                ? Optional.of(BY.getOrDefault(aggregate.name(), "fare"))
                : Optional.empty();
    }

    private static Optional<String> column(Input input, Optional<String> chosen) {
        if (chosen.isPresent() || input.need() == Input.Need.NONE) {
            return chosen;
        }
        return FLIGHTS.columns().stream()
                .filter(column -> input.types().contains(column.type()))
                .map(Column::name)
                .findFirst();
    }

    private static String yaml(Aggregate aggregate) {
        List<String> parts = new ArrayList<>(List.of("name: x", "aggregate: " + aggregate.name()));
        of(aggregate).ifPresent(of -> parts.add("of: " + of));
        by(aggregate).ifPresent(by -> parts.add("by: " + by));
        parts.add("windows: [1h]");
        Map<String, List<Double>> written = PARAMETERS.getOrDefault(aggregate.name(), Map.of());
        if (!written.isEmpty()) {
            parts.add("parameters: {"
                    + written.entrySet().stream()
                            .map(entry -> entry.getKey() + ": "
                                    + (entry.getValue().size() == 1
                                            ? entry.getValue().get(0).toString()
                                            : entry.getValue().toString()))
                            .collect(Collectors.joining(", "))
                    + "}");
        }
        return "{" + String.join(", ", parts) + "}";
    }

    private static FeatureValues streamed(ViewPlan plan, List<Change> changes) {
        KeyState state = new KeyState(plan);
        changes.forEach(change -> state.route(change, false));
        state.fold();
        return state.read(NINE);
    }

    private static String shown(ViewPlan plan, FeatureValues values) {
        return values.status(0) == Status.OK
                ? text(values.row(), 0, plan.features().column(0).type())
                : "null (" + values.status(0) + ")";
    }

    private static String text(Row row, int slot, ColumnType type) {
        return switch (type) {
            case INT64 -> Long.toString(row.getLong(slot));
            case FLOAT64 -> Double.toString(row.getDouble(slot));
            case BOOL -> Boolean.toString(row.getBoolean(slot));
            case STRING, JSON -> String.valueOf(row.getString(slot));
            case TIMESTAMP -> Instant.ofEpochMilli(row.getLong(slot)).toString();
        };
    }

    private static Change flight(String id, int minute, Long delay, double fare, String carrier, boolean full) {
        long time = NINE - 3_600_000 + minute * 60_000L;
        Row row = new Row(4).setDouble(1, fare).setString(2, carrier).setBoolean(3, full);
        if (delay != null) {
            row.setLong(0, delay);
        }
        return new Change(false, EventId.of(id), time, time, row);
    }
}
