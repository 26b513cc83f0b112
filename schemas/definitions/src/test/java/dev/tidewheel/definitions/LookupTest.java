package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.DefinitionTests.Failure;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.window.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lookup is short for one feature {@code latest} per column, and can be served like any feature. */
class LookupTest {
    @TempDir
    private Path path;

    private List<FeatureSpec> features(String lookup) {
        return Folder.at(path)
                .changed("  headSpan: 5s", lookup + "\n  headSpan: 5s")
                .load()
                .orThrow()
                .view("stations")
                .spec()
                .features();
    }

    private static FeatureSpec latest(String column, Window window) {
        return new FeatureSpec(column, "latest", Map.of(), Optional.of(column), Optional.empty(), window);
    }

    @Test
    void standsAfterTheFeaturesBesideIt() {
        List<FeatureSpec> features = features("  lookup: {columns: [weather, seconds]}");
        assertThat(features)
                .extracting(FeatureSpec::name)
                .startsWith("rides_60m", "rides")
                .hasSize(6);
        assertThat(features.subList(4, 6))
                .containsExactly(latest("weather", new Window.Lifetime()), latest("seconds", new Window.Lifetime()));
    }

    @Test
    void aTimeToLiveIsAWindow() {
        Window window = Window.Sliding.of(Duration.ofDays(90).toMillis());
        assertThat(features("  lookup: {columns: [weather], ttl: 90d}")).contains(latest("weather", window));
    }

    /** Written out by hand, with a name of its own, it is the same column with the same values. */
    @Test
    void saysWhatItIsShortFor() {
        String both = "    - {name: written, aggregate: latest, of: weather, windows: [30d]}\n"
                + "  lookup: {columns: [weather], ttl: 30d}";
        Definitions definitions = Folder.at(path)
                .changed("  headSpan: 5s", both + "\n  headSpan: 5s")
                .changed("values: {rides_60m: 2, seconds_24h: 120.0}", "values: {written_30d: RAIN, weather: RAIN}")
                .load()
                .orThrow();
        assertThat(DefinitionTests.run(definitions).get(0).failures())
                .extracting(Failure::toString)
                .isEmpty();
    }

    @Test
    void isServedByTheNamesOfItsColumns() {
        Definitions definitions = Folder.at(path)
                .changed("  headSpan: 5s", "  lookup: {columns: [weather]}\n  headSpan: 5s")
                .changed("features: [rides_60m, rides]", "features: [rides_60m, rides, weather]")
                .load()
                .orThrow();
        assertThat(definitions.servicePlan("start").columns().columns())
                .extracting(Column::name)
                .contains("stations.weather");
    }

    /** A view that only looks up has no other features, and the registry gives it back. */
    @Test
    void needsNoFeaturesBesideIt() {
        Definitions definitions =
                Definitions.load(Path.of("../../examples/engine")).orThrow();
        assertThat(definitions.view("customer").spec().features())
                .extracting(FeatureSpec::name)
                .containsExactly("tier", "country");
        List<RegistryEntry> published = definitions.toRegistry();
        assertThat(Definitions.fromRegistry(
                                published.stream().map(RegistryEntry::body).toList())
                        .toRegistry())
                .isEqualTo(published);
    }
}
