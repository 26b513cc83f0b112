package dev.tidewheel.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.tidewheel.definitions.SourceFormat;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.registry.RegistryUnavailableException;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import dev.tidewheel.records.DeadLetterReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records in the wire format of registries, with a registry that speaks Confluent's API. */
class RegistryAvroTest {
    private static final String DECLARED = """
            {"type": "record", "name": "E", "fields": [
              {"name": "id", "type": "long"},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "share", "type": ["double", "null"]},
              {"name": "place", "type": ["string", "null"]},
              {"name": "tags", "type": {"type": "array", "items": "string"}}]}
            """;
    private static final RowSchema COLUMNS = new RowSchema(List.of(
            new Column("id", ColumnType.INT64),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("share", ColumnType.FLOAT64),
            new Column("place", ColumnType.STRING)));
    private static final String OLD = """
            {"type": "record", "name": "Other", "namespace": "x", "fields": [
              {"name": "gone", "type": "string"},
              {"name": "at", "type": "long"},
              {"name": "share", "type": "float"},
              {"name": "id", "type": "int"}]}
            """;

    private final Map<Integer, String> answers = new TreeMap<>();
    private final Queue<Integer> failures = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/apis/schemas/ids/", exchange -> {
            asked.add(exchange.getRequestURI().getPath() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            Integer failure = failures.poll();
            String path = exchange.getRequestURI().getPath();
            String body = answers.get(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
            byte[] bytes = (body == null ? "{\"error_code\":40403,\"message\":\"Schema not found\"}" : body)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(failure != null ? failure : body == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private RecordDecoder decoder(String path, Duration deadline) {
        return decoder(DECLARED, COLUMNS, path, deadline);
    }

    private RecordDecoder decoder(String schema, RowSchema columns, String path, Duration deadline) {
        URI url = URI.create("http://me:secret@127.0.0.1:" + server.getAddress().getPort() + path);
        return new RecordDecoder(
                new SourceLayout("e", "e", SourceFormat.AVRO_REGISTRY, schema, "at", null, null),
                columns,
                new SchemaRegistryConfig(url, deadline, Duration.ofMillis(200)));
    }

    private RecordDecoder decoder() {
        return decoder("/apis/", Duration.ofSeconds(20));
    }

    private void register(int id, String schema) throws IOException {
        answers.put(id, new ObjectMapper().writeValueAsString(Map.of("schema", schema)));
    }

    private static byte[] bytes(int id, String schema, Map<String, Object> values) throws IOException {
        Schema writer = new Schema.Parser().parse(schema);
        GenericRecord record = new GenericData.Record(writer);
        values.forEach(record::put);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.write(ByteBuffer.allocate(4).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(writer).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static byte[] old(int id) throws IOException {
        return bytes(id, OLD, Map.of("gone", "x", "at", 5L, "share", 0.5f, "id", 7));
    }

    @Test
    void recordsOfSeveralWritersAreResolvedAndEachSchemaIsAskedOnce() throws IOException {
        register(1, DECLARED);
        register(0x01020304, OLD);
        RecordDecoder decoder = decoder();
        byte[] declared =
                bytes(1, DECLARED, Map.of("id", 8L, "at", 6L, "share", 0.25, "place", "p", "tags", List.of("a", "b")));

        for (int i = 0; i < 3; i++) {
            assertThat(decoder.decode(0, i, 0, null, old(0x01020304)).row())
                    .isEqualTo(new Row(4).setLong(0, 7).setLong(1, 5).setDouble(2, 0.5));
            assertThat(decoder.decode(0, i, 0, null, declared).row())
                    .isEqualTo(new Row(4)
                            .setLong(0, 8)
                            .setLong(1, 6)
                            .setDouble(2, 0.25)
                            .setString(3, "p"));
        }
        assertThat(asked)
                .containsExactly(
                        "/apis/schemas/ids/16909060 Basic bWU6c2VjcmV0", "/apis/schemas/ids/1 Basic bWU6c2VjcmV0");
    }

    @Test
    void whatCannotBeReadIsADeadLetterWithTheReason() throws IOException {
        register(2, OLD.replace("\"int\"", "\"string\""));
        register(3, OLD.replace("{\"name\": \"at\", \"type\": \"long\"},", ""));
        answers.put(4, "{\"schemaType\": \"PROTOBUF\", \"schema\": \"message\"}");
        answers.put(5, "{\"schema\": \"{\\\"type\\\": \\\"nonsense\\\"}\"}");
        answers.put(6, "{\"schema\": \"\\\"string\\\"\"}");
        answers.put(7, "{\"references\": [{\"name\": \"x\"}], \"schema\": \"\\\"string\\\"\"}");
        register(8, OLD);
        RecordDecoder decoder = decoder();

        refused(decoder, old(2), "schema 2 of the registry: the definition cannot read it: field 'id'");
        refused(decoder, old(3), "field 'at'");
        refused(decoder, old(4), "it is PROTOBUF, not AVRO");
        refused(decoder, old(5), "no Avro schema by itself");
        refused(decoder, old(6), "it is no record but string");
        refused(decoder, old(7), "it refers to other schemas");
        refused(decoder, old(99), "schema 99 of the registry: there is none with this id");
        refused(
                decoder,
                new byte[] {0, 0, 0, 0},
                "does not begin with a zero byte and a schema id but with 0x00000000");
        refused(decoder, new byte[] {2, 0, 0, 0, 1, 9}, "the source's format is avro");
        refused(decoder, new byte[] {0, -1, 0, 0, 1, 9}, "which no registry gives out");
        refused(decoder, java.util.Arrays.copyOf(old(8), 9), "not avro-registry of the source's schema");
        assertThat(decoder.decode(0, 1, 0, null, old(8)).accepted()).isTrue();
    }

    private static void refused(RecordDecoder decoder, byte[] value, String detail) {
        SourceRecord record = decoder.decode(0, 0, 0, null, value);
        assertThat(record.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
        assertThat(record.detail()).contains(detail);
        assertThat(record.value()).isEqualTo(value);
    }

    @Test
    void aRegistryThatComesBackWithinTheDeadlineLosesNothing() throws IOException {
        register(1, OLD);
        failures.addAll(List.of(503, 429, 500));

        assertThat(decoder().decode(0, 0, 0, null, old(1)).accepted()).isTrue();
        assertThat(asked).hasSize(4);
    }

    @Test
    void aRegistryThatHearsOfASchemaLaterLosesNothing() throws IOException {
        AtomicInteger before = new AtomicInteger(2);
        server.removeContext("/apis/schemas/ids/");
        server.createContext("/apis/schemas/ids/", exchange -> {
            boolean yet = before.getAndDecrement() <= 0;
            byte[] body =
                    new ObjectMapper().writeValueAsBytes(yet ? Map.of("schema", OLD) : Map.of("error_code", 40_403));
            exchange.sendResponseHeaders(yet ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });

        assertThat(decoder().decode(0, 0, 0, null, old(1)).accepted()).isTrue();
        assertThat(before).hasValue(-1);
    }

    /** Each read alone is quick enough. */
    @Test
    @Timeout(60)
    void anAnswerThatTricklesIsCutOffByTheDeadline() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        server.removeContext("/apis/schemas/ids/");
        server.createContext("/apis/schemas/ids/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (!over.await(20, TimeUnit.MILLISECONDS)) {
                    out.write(' ');
                    out.flush();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            RecordDecoder decoder = decoder("/apis", Duration.ofMillis(300));
            byte[] record = old(1);
            assertThatThrownBy(() -> decoder.decode(0, 0, 0, null, record))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("within 300 ms")
                    .hasMessageContaining("too slowly");
        } finally {
            over.countDown();
        }
    }

    @Test
    void aRegistryThatDoesNotAnswerIsNoDeadLetter() throws IOException {
        RecordDecoder decoder = decoder("/apis", Duration.ofMillis(300));
        byte[] record = old(1);
        server.stop(0);

        assertThatThrownBy(() -> decoder.decode(0, 0, 0, null, record))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("did not give schema 1 within 300 ms")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aWrongAddressIsNoDeadLetter() throws IOException {
        byte[] record = old(1);
        assertThatThrownBy(() -> decoder("/wrong", Duration.ofSeconds(20)).decode(0, 0, 0, null, record))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("answered 404");
        failures.add(401);
        assertThatThrownBy(() -> decoder().decode(0, 0, 0, null, record))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("answered 401")
                .hasMessageNotContaining("secret");
        answers.put(1, "<html>hello</html>");
        assertThatThrownBy(() -> decoder().decode(0, 0, 0, null, record))
                .hasMessageContaining("something else than JSON");
    }

    @Test
    void withoutARegistryTheJobSaysWhatToWrite() {
        SourceLayout layout = new SourceLayout("e", "e", SourceFormat.AVRO_REGISTRY, DECLARED, "at", null, null);
        assertThatThrownBy(() -> new RecordDecoder(layout, COLUMNS))
                .hasMessageContaining("schemaRegistry: {url: http://host:port}");
    }
}
