package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.problem.Problem;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.service.ServicePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One service over views of different keys, which the request names in its own words. */
class SeveralEntitiesTest {
    private static final String SERVICE = """
            apiVersion: tidewheel.dev/v1
            kind: FeatureService
            metadata:
              name: trip
            spec:
              entities: [departure_airport, arrival_airport]
              views:
                - {view: origin_delays, features: [flights_24h], keys: {origin: departure_airport}}
                - {view: route_delays, features: [flights_7d], keys: {origin: departure_airport, destination: arrival_airport}}
              onDemand:
                - {name: share, expression: 'double(route_delays.flights_7d) / double(origin_delays.flights_24h)'}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        for (String file : List.of("source.yaml", "flight.avsc", "origin_delays.yaml", "route_delays.yaml")) {
            Files.copy(DefinitionsTest.FLIGHTS.resolve(file), folder.resolve(file));
        }
    }

    private Definitions load(String service) throws IOException {
        Files.writeString(folder.resolve("service.yaml"), service);
        return Definitions.load(folder);
    }

    @Test
    void eachViewIsReadUnderItsOwnKey() throws IOException {
        ServicePlan plan = load(SERVICE).orThrow().servicePlan("trip");
        assertThat(plan.reads())
                .extracting(ServicePlan.ViewRead::keys)
                .containsExactly(List.of("departure_airport"), List.of("departure_airport", "arrival_airport"));
        assertThat(plan.columns().columns())
                .extracting(Column::name)
                .containsExactly("origin_delays.flights_24h", "route_delays.flights_7d", "share");
    }

    @Test
    void aKeyThatNothingFillsIsSaidWithItsRemedy() throws IOException {
        assertThat(load(SERVICE.replace(", destination: arrival_airport", "")).problems())
                .extracting(Problem::message)
                .containsExactly("the view's key 'destination' would be filled from the entity 'destination', which the"
                        + " service does not have; add it to 'entities', or write keys: {destination: <entity>}");
    }
}
