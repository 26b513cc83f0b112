package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.problem.Problem;
import dev.tidewheel.feature.aggregate.Parameters;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.view.ViewSpec.DerivedColumn;
import dev.tidewheel.feature.window.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written arrives in the records and plans that others use. */
class BindingTest {
    @TempDir
    private Path path;

    private Definitions rides() {
        return Folder.at(path).load().orThrow();
    }

    @Test
    void aSource() {
        Source source = rides().source("rides");
        assertThat(source.only().topic()).isEqualTo("rides");
        assertThat(source.eventTime()).isEqualTo("start");
        assertThat(source.knownTime()).isEmpty();
        assertThat(source.eventId()).contains("id");
        assertThat(source.horizon()).isEqualTo(Duration.ofDays(1));
        assertThat(source.futureLimit()).isEqualTo(Duration.ofMinutes(10));
        assertThat(source.only().format()).isEqualTo(SourceFormat.AVRO);
        assertThat(source.idle()).isEqualTo(Duration.ofMinutes(15));
        assertThat(source.watermarkDelay()).isEqualTo(Duration.ofHours(1));
        assertThat(source.only().schema()).startsWith("{\"fields\":[{\"name\":\"id\",\"type\":\"string\"}");
    }

    @Test
    void aSourcesOwnSettings() {
        Source source = Folder.at(path)
                .changed("format: avro", "format: avro-registry")
                .changed("horizon: 1d", "horizon: 1d\n  idle: 20s\n  watermarkDelay: 5m")
                .load()
                .orThrow()
                .source("rides");
        assertThat(source.only().format()).isEqualTo(SourceFormat.AVRO_REGISTRY);
        assertThat(source.idle()).isEqualTo(Duration.ofSeconds(20));
        assertThat(source.watermarkDelay()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void rowsThatChangeHaveNoFutureLimit() {
        Definitions definitions = Folder.at(path)
                .changed("format: avro", "format: debezium")
                .changed("  eventId: id\n", "")
                .load();
        assertThat(definitions.source("rides").futureLimit().toMillis()).isEqualTo(ViewSpec.NO_FUTURE_LIMIT);
    }

    @Test
    void whatMayNotBeMeantIsAHint() {
        Folder events = Folder.at(path);
        assertThat(Hints.of(events.load())).isEmpty();
        Folder rows = events.changed("format: avro", "format: debezium").changed("  eventId: id\n", "");
        assertThat(Hints.of(rows.load()))
                .singleElement()
                .asString()
                .startsWith("source 'rides' takes the rows before as its records tell them")
                .contains("write changelog: {key: […]}");
        Folder remembered = rows.changed("  horizon: 1d", "  horizon: 1d\n  changelog: {key: [id]}");
        assertThat(Hints.of(remembered.load())).isEmpty();
    }

    @Test
    void columnsOfAvroFieldsInTheirOrder() {
        assertThat(rides().sourceSchema("rides").columns())
                .containsExactly(
                        new Column("id", ColumnType.STRING),
                        new Column("start", ColumnType.TIMESTAMP),
                        new Column("station", ColumnType.INT64),
                        new Column("weather", ColumnType.STRING),
                        new Column("forecast", ColumnType.STRING),
                        new Column("minutes", ColumnType.FLOAT64),
                        new Column("member", ColumnType.BOOL));
    }

    @Test
    void aView() {
        assertThat(rides().view("stations").spec())
                .isEqualTo(new ViewSpec(
                        "stations",
                        List.of("station"),
                        Optional.of("member"),
                        List.of(new DerivedColumn("seconds", "minutes * 60.0")),
                        List.of(
                                count("rides_60m", Window.Sliding.of(3_600_000)),
                                count("rides", new Window.Lifetime()),
                                new FeatureSpec(
                                        "seconds_24h",
                                        "sum",
                                        Map.of(),
                                        Optional.of("seconds"),
                                        Optional.of("weather == 'SUN'"),
                                        new Window.Sliding(86_400_000, 1_800_000)),
                                new FeatureSpec(
                                        "worst_24h",
                                        "quantile",
                                        Map.of("q", 0.9),
                                        Optional.of("minutes"),
                                        Optional.empty(),
                                        Window.Sliding.of(86_400_000))),
                        86_400_000,
                        600_000,
                        5_000,
                        8));
    }

    @Test
    void categoriesHaveTheirOwnBound() {
        FeatureSpec kinds = Folder.at(path)
                .changed(
                        "windows: [60m, lifetime]}",
                        "windows: [60m, lifetime]}\n    - {name: kinds, aggregate: count, bucket: weather, windows: [24h],"
                                + " parameters: {buckets: 3}}")
                .load()
                .orThrow()
                .view("stations")
                .spec()
                .features()
                .get(2);
        assertThat(kinds.name()).isEqualTo("kinds_24h");
        assertThat(kinds.bucket()).contains("weather");
        assertThat(kinds.parameters()).isEqualTo(Parameters.of(Map.of("buckets", 3.0)));
    }

    private static FeatureSpec count(String name, Window window) {
        return new FeatureSpec(name, "count", Map.of(), Optional.empty(), Optional.empty(), window);
    }

    @Test
    void aService() {
        ServicePlan plan = rides().servicePlan("start");
        assertThat(plan.columns().columns())
                .extracting(Column::name)
                .containsExactly("hour", "stations.rides_60m", "stations.rides", "share");
        assertThat(plan.reads()).hasSize(1);
        assertThat(plan.reads().get(0).keys()).containsExactly("stop");
        assertThat(plan.reads().get(0).features()).containsExactly(0, 1);
    }

    @Test
    void aModel() {
        ModelPlan plan = rides().modelPlan("long-ride");
        Row ride = new Row(7)
                .setLong(1, Instant.parse("2001-01-05T17:30:00Z").toEpochMilli())
                .setLong(2, 42)
                .setDouble(5, 31);
        assertThat(plan.at(ride)).contains(Instant.parse("2001-01-05T17:30:00Z").toEpochMilli());
        assertThat(plan.keys(ride)).contains(List.of("42"));
        assertThat(plan.request(ride)).isEqualTo(new Row(1).setLong(0, 17));
        assertThat(plan.label(ride)).contains(true);
        assertThat(plan.label(new Row(7))).isEmpty();
        assertThat(plan.at(new Row(7))).isEmpty();
        assertThat(plan.keys(new Row(7))).isEmpty();
        assertThat(plan.request(new Row(7))).isEqualTo(new Row(1));
        assertThat(plan.model().from()).isEqualTo(Instant.parse("2001-01-01T00:00:00Z"));
    }

    @Test
    void namesThatAreNotThere() {
        Definitions rides = rides();
        assertThatThrownBy(() -> rides.viewPlan("station"))
                .hasMessage("there is no FeatureView 'station'; did you mean 'stations'?");
        Definitions broken =
                Folder.at(path).changed("where: member", "where: minutes").load();
        assertThatThrownBy(() -> broken.viewPlan("stations"))
                .hasMessage("something is wrong with the FeatureView 'stations'; validate the definitions");
        assertThatThrownBy(broken::toRegistry)
                .isInstanceOf(DefinitionsException.class)
                .hasMessageContaining("all.yaml:");
    }

    @Test
    void aBrokenViewIsReportedOnce() {
        List<Problem> problems = Folder.at(path)
                .changed("name: rides, aggregate: count", "name: rides, aggregate: cont")
                .load()
                .problems();
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).message()).isEqualTo("there is no aggregate 'cont'; did you mean 'count'?");
    }

    @Test
    void aFolderThatIsNone() {
        assertThat(Definitions.load(path.resolve("nowhere")).problems())
                .extracting(Problem::message)
                .containsExactly("the folder cannot be read; name a folder with *.yaml files");
        assertThat(Definitions.load(path).problems())
                .extracting(Problem::message)
                .containsExactly("the folder has no *.yaml files; write one");
    }
}
