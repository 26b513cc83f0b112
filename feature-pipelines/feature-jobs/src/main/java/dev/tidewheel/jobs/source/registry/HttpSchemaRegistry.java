package dev.tidewheel.jobs.source.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.jobs.source.registry.WriterSchemas.UnusableSchemaException;
import dev.tidewheel.runtime.config.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /schemas/ids/{id}} of a registry that speaks Confluent's REST API. Asks again with growing pauses until its
 * deadline if the registry cannot be reached, or says that it cannot answer now. It is asked once per schema, so it keeps
 * no connection and no thread. Not thread-safe.
 */
public final class HttpSchemaRegistry implements WriterSchemas.Source {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSchemaRegistry.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    private static final int CHUNK_BYTES = 8_192;
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final int SCHEMA_NOT_FOUND = 40_403;
    private static final int TOO_MANY_REQUESTS = 429;

    private final SchemaRegistryConfig config;
    private final String base;
    private final @Nullable String authorization;

    public HttpSchemaRegistry(SchemaRegistryConfig config) {
        this.config = config;
        URI url = config.url();
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        this.base = url.getScheme() + "://" + url.getHost() + port + path.replaceAll("/+$", "");
        this.authorization = url.getUserInfo() == null ? null : basic(url.getUserInfo());
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> schema(int id) throws UnusableSchemaException {
        long end = System.nanoTime() + config.deadline().toNanos();
        Pauses pauses = new Pauses();
        while (true) {
            String failure;
            try {
                Answer answer = ask(id, end);
                if (!answer.isTemporary()) {
                    return read(id, answer);
                }
                failure = "it answered " + answer.status;
            } catch (IOException e) {
                failure = Secrets.mask(String.valueOf(e));
            }
            long pause = pauses.next();
            if (System.nanoTime() + Duration.ofMillis(pause).toNanos() > end) {
                throw new RegistryUnavailableException("the schema registry " + base + " did not give schema " + id
                        + " within " + config.deadline().toMillis() + " ms: " + failure
                        + "; is it up, and is schemaRegistry.url right? No record is lost: the job goes on from its"
                        + " checkpoint");
            }
            LOG.warn("schema registry {}: schema {}: {}, asking again", base, id, failure);
            Pauses.sleep(pause);
        }
    }

    /** What the registry said. */
    private record Answer(int status, String body) {
        boolean isTemporary() {
            return status >= HttpURLConnection.HTTP_INTERNAL_ERROR
                    || status == TOO_MANY_REQUESTS
                    || status == HttpURLConnection.HTTP_CLIENT_TIMEOUT;
        }
    }

    private Answer ask(int id, long end) throws IOException {
        long began = System.nanoTime();
        long left = Math.max(1, Duration.ofNanos(end - began).toMillis());
        int timeout = (int) Math.min(ATTEMPT.toMillis(), left);
        HttpURLConnection http = (HttpURLConnection)
                URI.create(base + "/schemas/ids/" + id).toURL().openConnection();
        try {
            http.setConnectTimeout(timeout);
            http.setReadTimeout(timeout);
            // The password goes to whom it was meant for.
            http.setInstanceFollowRedirects(false);
            http.setUseCaches(false);
            http.setRequestProperty("Accept", "application/vnd.schemaregistry.v1+json, application/json");
            if (authorization != null) {
                http.setRequestProperty("Authorization", authorization);
            }
            int status = http.getResponseCode();
            return new Answer(
                    status,
                    body(http, status, began + Duration.ofMillis(timeout).toNanos()));
        } finally {
            http.disconnect();
        }
    }

    /** An answer may be neither too long nor too slow: a timeout of the connection is one of each read alone. */
    private static String body(HttpURLConnection http, int status, long end) throws IOException {
        try (InputStream in =
                status < HttpURLConnection.HTTP_BAD_REQUEST ? http.getInputStream() : http.getErrorStream()) {
            if (in == null) {
                return "";
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                bytes.write(chunk, 0, read);
                if (bytes.size() > MOST_BYTES) {
                    throw new IOException("the answer is longer than " + MOST_BYTES + " bytes");
                }
                if (System.nanoTime() > end) {
                    throw new IOException("the answer came too slowly");
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private Optional<String> read(int id, Answer answer) throws UnusableSchemaException {
        if (answer.status == HttpURLConnection.HTTP_NOT_FOUND && saysUnknown(answer.body)) {
            return Optional.empty();
        }
        if (answer.status != HttpURLConnection.HTTP_OK) {
            throw new RegistryUnavailableException("the schema registry " + base + " answered " + answer.status
                    + " when asked for schema " + id
                    + "; are user, password and path of schemaRegistry.url right?");
        }
        JsonNode body = json(id, answer.body);
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new UnusableSchemaException("it is " + type + ", not AVRO");
        }
        if (!body.path("references").isEmpty()) {
            throw new UnusableSchemaException("it refers to other schemas, which is not supported; register it whole");
        }
        if (!body.path("schema").isTextual()) {
            throw new RegistryUnavailableException(
                    "the schema registry " + base + " answered without a schema; does schemaRegistry.url lead to one?");
        }
        return Optional.of(body.path("schema").asText());
    }

    /** A wrong path is answered with 404 too, and must not make dead letters of everything. */
    private static boolean saysUnknown(String body) {
        try {
            return JSON.readTree(body).path("error_code").asInt() == SCHEMA_NOT_FOUND;
        } catch (JsonProcessingException notTheRegistry) {
            return false;
        }
    }

    private JsonNode json(int id, String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new RegistryUnavailableException(
                    "the schema registry " + base + " answered with something else than JSON when asked for schema "
                            + id + "; does schemaRegistry.url lead to one?",
                    e);
        }
    }
}
