package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
    static final Path FLIGHTS = Path.of("../../examples/flights");

    @Test
    void loadsTheFlights() {
        Definitions flights = Definitions.load(FLIGHTS).orThrow();
        assertThat(flights.sources()).extracting(Source::name).containsExactly("flights");
        assertThat(flights.viewPlan("origin_delays").features().size()).isEqualTo(16);
        assertThat(flights.servicePlan("departure").columns().size()).isEqualTo(26);
        assertThat(flights.modelPlan("late-arrival").entities()).containsExactly("origin", "destination");
    }

    @Test
    void theFlightsPassTheirTests() {
        List<DefinitionTests.Result> results = DefinitionTests.run(Definitions.load(FLIGHTS));
        assertThat(results)
                .hasSize(2)
                .allSatisfy(result -> assertThat(result.failures()).isEmpty());
    }

    @Test
    void theRegistryGivesBackWhatWasPublished() {
        List<RegistryEntry> published = Definitions.load(FLIGHTS).toRegistry();
        List<String> bodies = published.stream().map(RegistryEntry::body).toList();
        assertThat(Definitions.fromRegistry(bodies).toRegistry()).isEqualTo(published);
    }
}
