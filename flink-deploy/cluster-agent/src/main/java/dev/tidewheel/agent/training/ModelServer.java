package dev.tidewheel.agent.training;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a model server which versions it has, by the Open Inference Protocol V2. */
final class ModelServer {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final HttpClient http;
    private final URI address;

    ModelServer(HttpClient http, URI address) {
        this.http = http;
        this.address = address;
    }

    /** Whether it would answer for this version; false if it cannot be reached. */
    boolean has(String model, String version) throws InterruptedException {
        URI ready = URI.create(
                address.toString().replaceAll("/+$", "") + "/v2/models/" + model + "/versions/" + version + "/ready");
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(ready).timeout(DEADLINE).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException unreachable) {
            return false;
        }
    }
}
