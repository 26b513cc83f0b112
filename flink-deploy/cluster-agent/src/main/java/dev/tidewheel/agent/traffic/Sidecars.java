package dev.tidewheel.agent.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Asks all sidecars which traffic they apply: {@code GET /tidewheel/v1/models/<model>/traffic}. For one thread. */
final class Sidecars {
    /** The generation of a sidecar that does not say. */
    static final long SILENT = -1;

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int NOT_FOUND = 404;

    private final HttpClient http;
    private final List<URI> addresses;

    Sidecars(HttpClient http, List<URI> addresses) {
        this.http = http;
        this.addresses = List.copyOf(addresses);
    }

    /**
     * By sidecar the generation applied, for those that serve the model. One that knows no such model serves another; if
     * none serves it, all count as silent: traffic that nobody applies must not look like success.
     */
    Map<String, Long> applied(String model) throws InterruptedException {
        Map<String, Long> applied = new TreeMap<>();
        Map<String, Long> silent = new TreeMap<>();
        for (URI address : addresses) {
            OptionalLong generation = applied(address, model);
            generation.ifPresent(value -> applied.put(address.toString(), value));
            silent.put(address.toString(), SILENT);
        }
        return applied.isEmpty() ? silent : applied;
    }

    private OptionalLong applied(URI address, String model) throws InterruptedException {
        URI traffic =
                URI.create(address.toString().replaceAll("/+$", "") + "/tidewheel/v1/models/" + model + "/traffic");
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(traffic).timeout(DEADLINE).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == NOT_FOUND) {
                return OptionalLong.empty();
            }
            JsonNode body = JSON.readTree(answer.body());
            boolean says = answer.statusCode() == 200 && body.path("generation").isIntegralNumber();
            return OptionalLong.of(says ? body.path("generation").longValue() : SILENT);
        } catch (IOException e) {
            return OptionalLong.of(SILENT);
        }
    }
}
