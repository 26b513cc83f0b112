package dev.tidewheel.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.tidewheel.definitions.SourceFormat;
import dev.tidewheel.feature.change.RandomChangeStream;
import dev.tidewheel.feature.change.RandomChangeStream.Told;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import dev.tidewheel.records.DeadLetterReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Change events in Avro, with the schema that Debezium's connector for Postgres and Connect's converter register. */
class DebeziumAvroTest {
    private static final String ENVELOPE = """
            {"type": "record", "name": "Envelope", "namespace": "pg.public.orders", "connect.version": 2,
             "connect.name": "pg.public.orders.Envelope", "fields": [
              {"name": "before", "default": null, "type": ["null", {"type": "record", "name": "Value",
                "connect.name": "pg.public.orders.Value", "fields": [
                  {"name": "id", "type": "long"},
                  {"name": "picture", "type": ["null", "bytes"], "default": null},
                  {"name": "at", "default": null, "type": ["null",
                    {"type": "long", "connect.version": 1, "connect.name": "io.debezium.time.Timestamp"}]},
                  {"name": "place", "type": ["null", "string"], "default": null},
                  {"name": "amount", "type": "double"},
                  {"name": "note", "type": ["null", "string"], "default": null}]}]},
              {"name": "after", "type": ["null", "Value"], "default": null},
              {"name": "source", "type": {"type": "record", "name": "Source",
                "namespace": "io.debezium.connector.postgresql", "fields": [
                  {"name": "version", "type": "string"},
                  {"name": "connector", "type": "string"},
                  {"name": "ts_ms", "type": "long"},
                  {"name": "snapshot", "default": "false", "type": [
                    {"type": "string", "connect.name": "io.debezium.data.Enum", "connect.default": "false"}, "null"]},
                  {"name": "lsn", "type": ["null", "long"], "default": null}]}},
              {"name": "transaction", "default": null, "type": ["null", {"type": "record", "name": "block",
                "namespace": "event", "fields": [
                  {"name": "id", "type": "string"},
                  {"name": "total_order", "type": "long"},
                  {"name": "data_collection_order", "type": "long"}]}]},
              {"name": "op", "type": "string"},
              {"name": "ts_ms", "type": ["null", "long"], "default": null},
              {"name": "ts_us", "type": ["null", "long"], "default": null}]}
            """;
    private static final Schema WRITER = new Schema.Parser().parse(ENVELOPE);
    /** Before a column was added to the table, and when ids were short. */
    private static final Schema OLDER = new Schema.Parser()
            .parse(ENVELOPE.replace("{\"name\": \"id\", \"type\": \"long\"}", "{\"name\": \"id\", \"type\": \"int\"}")
                    .replace(
                            "{\"name\": \"amount\", \"type\": \"double\"},\n"
                                    + "      {\"name\": \"note\", \"type\": [\"null\", \"string\"], \"default\": null}",
                            "{\"name\": \"amount\", \"type\": \"double\"}"));

    private final Map<Integer, String> registered = new TreeMap<>(Map.of(
            1,
            WRITER.toString(),
            2,
            OLDER.toString(),
            3,
            WRITER.getField("before").schema().getTypes().get(1).toString()));
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/schemas/ids/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            int id = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
            byte[] body = new ObjectMapper().writeValueAsBytes(Map.of("schema", registered.get(id)));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private RecordDecoder decoder(List<String> changelog) {
        SourceLayout json = DebeziumJson.layout("orders", RandomChangeStream.TOPIC, changelog);
        TopicLayout topic = json.only();
        SourceLayout layout = new SourceLayout(
                json.source(),
                topic.topic(),
                SourceFormat.DEBEZIUM_AVRO,
                topic.schema(),
                topic.eventTime(),
                topic.knownTime(),
                topic.eventId(),
                json.idle(),
                json.watermarkDelay(),
                topic.recordTime(),
                changelog);
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new RecordDecoder(
                layout,
                RandomChangeStream.COLUMNS,
                new SchemaRegistryConfig(url, Duration.ofSeconds(20), Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsToldInAvroIsWhatIsToldInJson(boolean changelog) throws IOException {
        List<String> key = changelog ? List.of("id") : List.of();
        RecordDecoder avro = decoder(key);
        RecordDecoder json = new RecordDecoder(
                DebeziumJson.layout("orders", RandomChangeStream.TOPIC, key), RandomChangeStream.COLUMNS);
        for (Told told : RandomChangeStream.random(new Random(9), 600, 3, false)) {
            SourceRecord expected =
                    json.decode(told.partition(), told.offset(), told.timestamp(), null, DebeziumJson.value(told));
            SourceRecord found =
                    avro.decode(told.partition(), told.offset(), told.timestamp(), null, value(1, WRITER, told));
            assertThat(found).usingRecursiveComparison().isEqualTo(expected);
            assertThat(found.accepted()).isTrue();
        }
    }

    @Test
    void aTableThatChangesIsReadByTheSchemaOfEachRecord() throws IOException {
        RecordDecoder decoder = decoder(List.of());
        Row row = new Row(5).setLong(0, 7).setLong(1, 5).setString(2, "P").setDouble(3, 1.5);
        Told told = new Told(0, 0, 5, RowOperation.UPDATE, row, row);
        for (int i = 0; i < 2; i++) {
            SourceRecord older = decoder.decode(0, 0, 5, null, value(2, OLDER, told));
            assertThat(older.change().row()).isEqualTo(row);
            assertThat(older.taken().row()).isEqualTo(row);
            assertThat(decoder.decode(0, 1, 5, null, value(1, WRITER, told))
                            .change()
                            .row())
                    .isEqualTo(row);
        }
    }

    @Test
    void whatIsNoChangeEventIsADeadLetter() throws IOException {
        Row row = new Row(5).setLong(0, 7).setLong(1, 5).setDouble(3, 1.5);
        GenericRecord plain = row(registeredSchema(3), row);
        refused(bytes(3, plain), "the definition cannot read it: field 'op'");

        GenericRecord truncated = envelope(WRITER, new Told(0, 0, 5, RowOperation.CREATE, null, row));
        truncated.put("op", "t");
        refused(bytes(1, truncated), "op is 't'");

        Row untold =
                new Row(5).setLong(0, 7).setLong(1, 5).setDouble(3, 1.5).setString(4, "__debezium_unavailable_value");
        refused(value(1, WRITER, new Told(0, 0, 5, RowOperation.CREATE, null, untold)), "REPLICA IDENTITY FULL");
        refused(value(1, WRITER, new Told(0, 0, 5, RowOperation.UPDATE, null, row)), "before is null");
        refused("{\"op\": \"c\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8), "does not begin with a zero byte");
    }

    private Schema registeredSchema(int id) {
        return new Schema.Parser().parse(registered.get(id));
    }

    private void refused(byte[] value, String detail) {
        SourceRecord record = decoder(List.of()).decode(0, 0, 0, null, value);
        assertThat(record.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
        assertThat(record.detail()).contains(detail);
    }

    private static byte[] value(int id, Schema writer, Told told) throws IOException {
        return told.operation() == RowOperation.TOMBSTONE ? null : bytes(id, envelope(writer, told));
    }

    private static GenericRecord envelope(Schema writer, Told told) {
        Schema rows = writer.getField("after").schema().getTypes().get(1);
        GenericRecord source = new GenericData.Record(writer.getField("source").schema());
        source.put("version", "3.0.0.Final");
        source.put("connector", "postgresql");
        source.put("ts_ms", told.timestamp() - 7);
        source.put("snapshot", "false");
        GenericRecord envelope = new GenericData.Record(writer);
        envelope.put("before", told.before() == null ? null : row(rows, told.before()));
        envelope.put("after", told.after() == null ? null : row(rows, told.after()));
        envelope.put("source", source);
        envelope.put("op", told.operation().word());
        envelope.put("ts_ms", told.timestamp() - 3);
        return envelope;
    }

    private static GenericRecord row(Schema schema, Row row) {
        GenericRecord record = new GenericData.Record(schema);
        boolean isShort = schema.getField("id").schema().getType() == Schema.Type.INT;
        record.put("id", isShort ? (Object) (int) row.getLong(0) : (Object) row.getLong(0));
        record.put("picture", ByteBuffer.wrap(new byte[] {1, 2}));
        record.put("at", row.isNull(1) ? null : row.getLong(1));
        record.put("place", row.getString(2));
        record.put("amount", row.getDouble(3));
        if (schema.getField("note") != null) {
            record.put("note", row.getString(4));
        }
        return record;
    }

    private static byte[] bytes(int id, GenericRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.write(ByteBuffer.allocate(4).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
