package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.DefinitionTests.Failure;
import dev.tidewheel.definitions.DefinitionTests.Result;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.YamlReader;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worked examples of {@code docs/values.md} hold, by the state that serves and by the naive oracle. */
class ValuesPageTest {
    private static final Path ENGINE = Path.of("../../examples/engine");
    private static final Instant DAY = Instant.parse("2001-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void everyExampleOfThePageHolds() throws IOException {
        List<Result> results = DefinitionTests.run(new ValuesPage().definitions(folder));
        assertThat(failures(results)).isEmpty();
        assertThat(results).hasSizeGreaterThan(20);
    }

    @Test
    void theEnginesExamplesHold() {
        List<Result> results = DefinitionTests.run(Definitions.load(ENGINE).orThrow());
        assertThat(failures(results)).isEmpty();
        assertThat(results).hasSizeGreaterThan(3);
    }

    private static List<String> failures(List<Result> results) {
        return results.stream()
                .map(Result::failures)
                .flatMap(List::stream)
                .map(Failure::toString)
                .toList();
    }

    @Test
    void everyRequestIsAnsweredAsThePageSays() throws IOException {
        ValuesPage page = new ValuesPage();
        Definitions definitions = page.definitions(folder);
        ServicePlan service = definitions.servicePlan("offer");
        List<Change> rides = events(definitions, "station");
        List<Map<String, String>> requests = page.table("request");
        assertThat(requests).hasSizeGreaterThan(5);
        for (Map<String, String> request : requests) {
            FeatureValues vector = answer(service, rides, request);
            assertThat(shown(vector, service.columns()))
                    .as("%s", request)
                    .containsAllEntriesOf(without(request, List.of("request", "at")));
        }
    }

    @Test
    void aReadIsRefusedAsThePageSays() throws IOException {
        ValuesPage page = new ValuesPage();
        Definitions definitions = page.definitions(folder);
        ViewPlan plan = definitions.viewPlan("stored");
        KeyState state = state(plan, events(definitions, "stored"));
        List<Map<String, String>> reads = page.table("asked at");
        assertThat(reads).hasSizeGreaterThan(3);
        for (Map<String, String> read : reads) {
            assertThat(shown(state.read(time(read.get("asked at"))), plan.features()))
                    .as("%s", read)
                    .isEqualTo(without(read, List.of("asked at")));
        }
    }

    private static List<Change> events(Definitions definitions, String view) {
        return definitions.view(view).tests().get(0).events();
    }

    private static FeatureValues answer(ServicePlan service, List<Change> events, Map<String, String> asked) {
        Problems problems = new Problems();
        Mapping written = (Mapping)
                YamlReader.read("page", asked.get("request"), problems).get(0);
        long t = time(asked.get("at"));
        Row request = new Row(service.request().size());
        for (int slot = 0; slot < request.size(); slot++) {
            var column = service.request().column(slot);
            if (written.get(column.name()).isPresent()) {
                Literals.set(scalar(written, column.name()), column.type(), request, slot, problems);
            }
        }
        assertThat(problems.count()).isZero();
        List<FeatureValues> values = new ArrayList<>();
        for (ViewRead read : service.reads()) {
            List<String> key = read.keys().stream()
                    .map(name -> scalar(written, name).text())
                    .toList();
            values.add(read(read.view(), events, EntityKeys.join(key), t));
        }
        return service.assemble(request, values);
    }

    private static Scalar scalar(Mapping mapping, String key) {
        return (Scalar) mapping.get(key).orElseThrow();
    }

    private static FeatureValues read(ViewPlan plan, List<Change> events, String key, long t) {
        List<Change> ofKey = events.stream()
                .filter(change -> plan.entityKey(change.row()).equals(Optional.of(key)))
                .toList();
        if (ofKey.isEmpty()) {
            return KeyState.absent(plan);
        }
        FeatureValues served = state(plan, ofKey).read(t);
        assertThat(new NaiveOracle(plan, ofKey).valuesAt(t).row()).isEqualTo(served.row());
        return served;
    }

    private static KeyState state(ViewPlan plan, List<Change> changes) {
        KeyState state = new KeyState(plan);
        changes.forEach(change -> state.route(change, false));
        return state;
    }

    /** On the day of the examples. */
    private static long time(String text) {
        return DAY.toEpochMilli() + LocalTime.parse(text).toNanoOfDay() / 1_000_000;
    }

    private static Map<String, String> without(Map<String, String> row, List<String> columns) {
        Map<String, String> rest = new LinkedHashMap<>(row);
        rest.keySet().removeAll(columns);
        return rest;
    }

    /** Per column the value, and its status if it is not OK. */
    private static Map<String, String> shown(FeatureValues values, RowSchema columns) {
        Map<String, String> shown = new LinkedHashMap<>();
        for (int slot = 0; slot < columns.size(); slot++) {
            Status status = values.status(slot);
            String text = values.row().isNull(slot) ? "null" : text(values.row(), slot, columns);
            shown.put(columns.column(slot).name(), status == Status.OK ? text : text + " " + status);
        }
        return shown;
    }

    private static String text(Row row, int slot, RowSchema columns) {
        return switch (columns.column(slot).type()) {
            case FLOAT64 -> Double.toString(row.getDouble(slot));
            case INT64 -> Long.toString(row.getLong(slot));
            case BOOL -> Boolean.toString(row.getBoolean(slot));
            case STRING, JSON -> Objects.requireNonNull(row.getString(slot));
            case TIMESTAMP -> Instant.ofEpochMilli(row.getLong(slot)).toString();
        };
    }
}
