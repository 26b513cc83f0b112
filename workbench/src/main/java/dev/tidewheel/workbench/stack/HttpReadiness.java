package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Ready when an address answers 200 with a body that satisfies a condition. */
public final class HttpReadiness implements Readiness {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final int SHOWN = 200;

    private final HttpClient client;
    private final URI address;
    private final Predicate<String> enough;

    public HttpReadiness(HttpClient client, URI address) {
        this(client, address, body -> true);
    }

    public HttpReadiness(HttpClient client, URI address, Predicate<String> enough) {
        this.client = client;
        this.address = address;
        this.enough = enough;
    }

    @Override
    public Optional<String> missing() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(DEADLINE).build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            boolean ready = response.statusCode() == 200 && enough.test(response.body());
            return ready ? Optional.empty() : Optional.of(address + " answered " + described(response));
        } catch (IOException e) {
            return Optional.of(address + ": " + e);
        }
    }

    private static String described(HttpResponse<String> response) {
        String body = response.body();
        return response.statusCode() + " " + (body.length() > SHOWN ? body.substring(0, SHOWN) + "…" : body);
    }
}
