package dev.tidewheel.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tidewheel.workbench.data.FlightsFetch.Archive;
import dev.tidewheel.workbench.data.PublishedFlights.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightsFetchTest {

    private static final String ENTRY = "package/data/flights.parquet";
    private static final List<Row> ROWS = List.of(
            new Row(978_307_260_000_000L, 33, 2176, "LAS", "PHL"),
            new Row(978_307_260_000_000L, -19, 215, "ATL", "SAV"),
            new Row(978_307_320_000_999L, 0, 405, "ORD", "MDW"));

    @TempDir
    Path folder;

    private HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int failures;
    private volatile byte[] body = {};

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/mirror/flights.tgz", exchange -> {
            boolean fails = requests.getAndIncrement() < failures;
            exchange.sendResponseHeaders(fails ? 503 : 200, fails ? -1 : body.length);
            if (!fails) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        Path published = folder.resolve("published.parquet");
        PublishedFlights.write(published, ROWS);
        body = PublishedFlights.archive(ENTRY, Files.readAllBytes(published));
        Files.delete(published);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void fetches_checks_and_imports() throws Exception {
        Path target = folder.resolve("flights.parquet");
        long rows = fetch(integrity(), "flights.tgz", ENTRY).run(target, Set.of());
        assertThat(rows).isEqualTo(3);
        assertThat(read(target))
                .containsExactly(
                        new Flight(0, 978_307_260_000L, "LAS", "PHL", 2176, 33),
                        new Flight(1, 978_307_260_000L, "ATL", "SAV", 215, -19),
                        new Flight(2, 978_307_320_000L, "ORD", "MDW", 405, 0));
        assertThat(leftovers()).containsExactly("flights.parquet");
    }

    @Test
    void keeps_row_numbers_of_the_published_file_when_origins_are_chosen() throws Exception {
        Path target = folder.resolve("flights.parquet");
        assertThat(fetch(integrity(), "flights.tgz", ENTRY).run(target, Set.of("ORD", "ATL")))
                .isEqualTo(2);
        assertThat(read(target)).extracting(Flight::flightId).containsExactly(1L, 2L);
    }

    @Test
    void refuses_an_archive_with_another_digest_and_leaves_the_target_alone() throws Exception {
        Path target = folder.resolve("flights.parquet");
        Files.writeString(target, "as it was");
        String other = "sha512-" + Base64.getEncoder().encodeToString(new byte[64]);
        assertThatThrownBy(() -> fetch(other, "flights.tgz", ENTRY).run(target, Set.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected " + other)
                .hasMessageContaining("received " + integrity());
        assertThat(target).hasContent("as it was");
        assertThat(leftovers()).containsExactly("flights.parquet");
        assertThat(requests).as("a wrong archive is not asked for again").hasValue(1);
    }

    @Test
    void asks_again_when_the_server_is_busy() throws Exception {
        failures = 2;
        fetch(integrity(), "flights.tgz", ENTRY).run(folder.resolve("flights.parquet"), Set.of());
        assertThat(requests).hasValue(3);
    }

    @Test
    void gives_up_after_three_attempts_and_says_so() {
        failures = 3;
        assertThatThrownBy(
                        () -> fetch(integrity(), "flights.tgz", ENTRY).run(folder.resolve("flights.parquet"), Set.of()))
                .hasMessageContaining("in 3 attempts")
                .hasMessageContaining("answered 503");
        assertThat(requests).hasValue(3);
    }

    @Test
    void says_that_the_address_is_wrong() {
        assertThatThrownBy(
                        () -> fetch(integrity(), "nothing.tgz", ENTRY).run(folder.resolve("flights.parquet"), Set.of()))
                .hasMessageContaining("answered 404")
                .hasMessageContaining("/mirror/nothing.tgz");
    }

    @Test
    void says_which_file_the_archive_lacks() {
        assertThatThrownBy(() -> fetch(integrity(), "flights.tgz", "package/else")
                        .run(folder.resolve("flights.parquet"), Set.of()))
                .hasMessage("the archive has no file package/else");
    }

    private FlightsFetch fetch(String integrity, String path, String entry) {
        URI mirror = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mirror/");
        return new FlightsFetch(mirror, new Archive(path, integrity, entry));
    }

    private String integrity() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-512").digest(body);
        return "sha512-" + Base64.getEncoder().encodeToString(digest);
    }

    private List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static List<Flight> read(Path file) throws IOException {
        List<Flight> flights = new ArrayList<>();
        try (FlightsReader reader = FlightsFile.open(file)) {
            for (Flight flight = reader.next(); flight != null; flight = reader.next()) {
                flights.add(flight);
            }
        }
        return flights;
    }
}
