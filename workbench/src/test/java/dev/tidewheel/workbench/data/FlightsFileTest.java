package dev.tidewheel.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.workbench.data.PublishedFlights.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlightsFileTest {

    private static final Path SHIPPED = Path.of("../examples/flights/flights.parquet");
    private static final long MINUTE = 60_000;

    @Test
    void the_shipped_file_is_what_its_readme_says() throws IOException {
        Set<String> origins = new HashSet<>();
        Set<List<Object>> published = new HashSet<>();
        long rows = 0;
        long late = 0;
        long lastId = -1;
        long lastDate = Long.MIN_VALUE;
        try (FlightsReader reader = FlightsFile.open(SHIPPED)) {
            for (Flight f = reader.next(); f != null; f = reader.next()) {
                assertThat(f.flightId()).isGreaterThan(lastId);
                assertThat(f.date()).isGreaterThanOrEqualTo(lastDate);
                assertThat(f.date() % MINUTE).isZero();
                lastId = f.flightId();
                lastDate = f.date();
                rows++;
                late += f.delay() > 15 ? 1 : 0;
                origins.add(f.origin());
                published.add(List.of(f.date(), f.origin(), f.destination(), f.distance(), f.delay()));
            }
        }
        assertThat(rows).isEqualTo(656_495);
        assertThat(origins).containsExactlyInAnyOrder("ORD", "DFW", "ATL", "LAX", "PHX");
        assertThat(rows - published.size()).as("rows that repeat another").isEqualTo(64);
        assertThat(Math.round(1000.0 * late / rows)).isEqualTo(231);
        assertThat(lastId).isLessThan(3_000_000);
    }

    @ParameterizedTest
    @CsvSource({"0, 35", "1, 36", "7, 36", "8, 37", "15, 37", "16, 38", "21, 38", "600, 115", "2475, 365"})
    void landing_is_rounded_up_to_a_whole_minute(int distance, int minutes) {
        Flight flight = new Flight(0, 1_000 * MINUTE, "ORD", "LAX", distance, 500);
        assertThat(flight.landing()).isEqualTo((1_000 + minutes) * MINUTE);
    }

    @Test
    void a_published_file_must_be_imported_first(@TempDir Path folder) throws IOException {
        Path published = folder.resolve("published.parquet");
        PublishedFlights.write(published, List.of(new Row(0, 0, 100, "ORD", "LAX")));
        try (FlightsReader reader = FlightsFile.open(published)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is not a flights file");
        }
    }

    @Test
    void a_number_too_wide_for_its_column_is_refused(@TempDir Path folder) throws IOException {
        Path published = folder.resolve("published.parquet");
        PublishedFlights.write(published, List.of(new Row(0, 40_000, 100, "ORD", "LAX")));
        Path target = folder.resolve("flights.parquet");
        assertThatThrownBy(() -> FlightsImport.run(published, target, Set.of()))
                .hasMessage("delay 40000 does not fit into 16 bits");
        assertThat(target).doesNotExist();
    }
}
