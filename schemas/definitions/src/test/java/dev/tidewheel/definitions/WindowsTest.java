package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.DefinitionTests.Failure;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.window.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of every kind: as they are written, as they are named, as they are published. */
class WindowsTest {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.copy(DefinitionsTest.FLIGHTS.resolve("source.yaml"), folder.resolve("source.yaml"));
        Files.copy(DefinitionsTest.FLIGHTS.resolve("flight.avsc"), folder.resolve("flight.avsc"));
    }

    private Definitions load(String view) throws IOException {
        Files.writeString(folder.resolve("view.yaml"), view);
        return Definitions.load(folder);
    }

    @Test
    void eachKindHasItsNameAndItsWindow() throws IOException {
        Map<String, Window> windows = load(EveryKey.VIEW).orThrow().view("all_windows").spec().features().stream()
                .collect(Collectors.toMap(FeatureSpec::name, FeatureSpec::window));
        assertThat(windows)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "delay_7d", new Window.Sliding(7 * DAY, DAY),
                        "delay", new Window.Lifetime(),
                        "delay_tumbling_1d", new Window.Hopping(DAY, DAY),
                        "delay_hopping_2h_30m", new Window.Hopping(2 * HOUR, 30 * MINUTE),
                        "delay_session_45m", new Window.Session(45 * MINUTE, DAY),
                        "delay_rows_3", new Window.Rows(3),
                        "flights_3h", new Window.Exact(3 * HOUR, 2),
                        "destination", new Window.Sliding(30 * DAY, DAY),
                        "late", new Window.Sliding(30 * DAY, DAY)));
    }

    @Test
    void anExactWindowHoldsAThousandEventsIfNothingIsWritten() throws IOException {
        Definitions definitions = load(EveryKey.VIEW.replace(", maxEvents: 2", ""));
        assertThat(definitions
                        .orThrow()
                        .view("all_windows")
                        .spec()
                        .features()
                        .get(6)
                        .window())
                .isEqualTo(new Window.Exact(3 * HOUR, Window.Exact.DEFAULT_EVENTS));
    }

    @Test
    void theRegistryGivesThemBack() throws IOException {
        List<RegistryEntry> published = load(EveryKey.VIEW).toRegistry();
        assertThat(published.get(1).body())
                .contains(
                        "\"windows\":[\"7d\",\"lifetime\",{\"tumbling\":\"1d\"},{\"every\":\"30m\",\"hopping\":\"2h\"},"
                                + "{\"maxLength\":\"1d\",\"session\":\"45m\"},{\"rows\":3}]")
                .contains("\"maxEvents\":2")
                .contains("\"resolution\":\"0\"")
                .contains("\"parameters\":{\"accuracy\":0.02,\"q\":[0.25]}")
                .doesNotContain("limits");
        Definitions back = Definitions.fromRegistry(
                published.stream().map(RegistryEntry::body).toList());
        assertThat(back.toRegistry()).isEqualTo(published);
        assertThat(back.view("all_windows").spec())
                .isEqualTo(Definitions.load(folder).view("all_windows").spec());
    }

    /** What a view may cost is no part of what it is: models that pin it go on. */
    @Test
    void limitsChangeNoHash() throws IOException {
        List<RegistryEntry> before = load(EveryKey.VIEW).toRegistry();
        assertThat(load(EveryKey.VIEW.replace("bytesPerKey: 64KiB", "bytesPerKey: 1MiB"))
                        .toRegistry())
                .isEqualTo(before);
    }

    @Test
    void itsTestsHold() throws IOException {
        assertThat(DefinitionTests.run(load(EveryKey.VIEW).orThrow()))
                .hasSize(1)
                .allSatisfy(result -> assertThat(result.failures()).isEmpty());
    }

    @Test
    void aStatusThatIsNotWhatItShouldBe() throws IOException {
        String view = EveryKey.VIEW.replace("delay_tumbling_1d: NULL", "delay_tumbling_1d: OK");
        assertThat(DefinitionTests.run(load(view).orThrow()).get(0).failures())
                .extracting(Failure::message)
                .containsExactly("the status of delay_tumbling_1d is NULL, expected OK");
    }
}
