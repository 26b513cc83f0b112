package dev.tidewheel.agent.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.agent.traffic.TrafficState.Applied;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks all sidecars which traffic they apply: {@code GET /tidewheel/v1/models/<model>/traffic}. For one thread. */
final class Sidecars {
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
     * By sidecar what it applies, for those that serve the model. One that knows no such model serves another; if none
     * serves it, all count as silent: traffic that nobody applies must not look like success.
     */
    Map<String, Applied> applied(String model) throws InterruptedException {
        Map<String, Applied> applied = new TreeMap<>();
        Map<String, Applied> silent = new TreeMap<>();
        for (URI address : addresses) {
            ask(address, model).ifPresent(answer -> applied.put(address.toString(), answer));
            silent.put(address.toString(), Applied.UNKNOWN);
        }
        return applied.isEmpty() ? silent : applied;
    }

    private Optional<Applied> ask(URI address, String model) throws InterruptedException {
        URI traffic =
                URI.create(address.toString().replaceAll("/+$", "") + "/tidewheel/v1/models/" + model + "/traffic");
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(traffic).timeout(DEADLINE).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            JsonNode body = JSON.readTree(answer.body());
            boolean says = answer.statusCode() == 200 && body.path("generation").isIntegralNumber();
            return Optional.of(
                    says
                            ? new Applied(
                                    body.path("generation").longValue(),
                                    body.path("refused").path("reason").asText(""))
                            : Applied.UNKNOWN);
        } catch (IOException e) {
            return Optional.of(Applied.UNKNOWN);
        }
    }
}
