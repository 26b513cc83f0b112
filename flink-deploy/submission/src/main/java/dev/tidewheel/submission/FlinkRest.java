package dev.tidewheel.submission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Flink's REST interface as JSON in, JSON out, every call with a deadline. Thread-safe. */
final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BOUNDARY = "tidewheel-jar-boundary";

    private final URI address;
    private final Duration deadline;
    private final HttpClient client;

    FlinkRest(URI address, Duration deadline) {
        this.address = address;
        this.deadline = deadline;
        this.client = HttpClient.newBuilder()
                .connectTimeout(deadline)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    JsonNode get(String path) {
        return send(path, request(path).GET().build());
    }

    JsonNode post(String path, Map<String, ?> body) {
        return send(path, json(path).POST(text(body)).build());
    }

    JsonNode patch(String path) {
        return send(path, request(path).method("PATCH", BodyPublishers.noBody()).build());
    }

    JsonNode upload(String path, Path file) {
        HttpRequest request = request(path)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(multipart(file))
                .build();
        return send(path, request);
    }

    private HttpRequest.Builder json(String path) {
        return request(path).header("Content-Type", "application/json");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).timeout(deadline);
    }

    private static BodyPublisher text(Map<String, ?> body) {
        try {
            return BodyPublishers.ofString(JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + body, e);
        }
    }

    private static BodyPublisher multipart(Path file) {
        String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                + file.getFileName() + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n";
        String tail = "\r\n--" + BOUNDARY + "--\r\n";
        try {
            return BodyPublishers.ofByteArrays(List.of(
                    head.getBytes(StandardCharsets.UTF_8),
                    Files.readAllBytes(file),
                    tail.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": build the job's jar first", e);
        }
    }

    private JsonNode send(String path, HttpRequest request) {
        try {
            return answer(path, client.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new FlinkUnavailableException("no answer from Flink at " + address + " to " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkUnavailableException("interrupted while asking Flink for " + path, e);
        }
    }

    private JsonNode answer(String path, HttpResponse<String> response) throws IOException {
        int status = response.statusCode();
        if (status == 503) {
            throw new FlinkUnavailableException("Flink at " + address + " is starting: " + response.body());
        }
        if (status >= 300) {
            throw new FlinkRefusedException(
                    "Flink answered " + status + " to " + path + ": " + reason(response.body()));
        }
        return response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }

    /** Flink sends its errors as {@code {"errors": [...]}}; anything else is shown as it is. */
    private static String reason(String body) {
        try {
            JsonNode errors = JSON.readTree(body).path("errors");
            StringBuilder text = new StringBuilder();
            errors.forEach(error -> text.append(error.asText()).append('\n'));
            return text.isEmpty() ? body : text.toString().strip();
        } catch (JsonProcessingException notJson) {
            return body;
        }
    }
}
