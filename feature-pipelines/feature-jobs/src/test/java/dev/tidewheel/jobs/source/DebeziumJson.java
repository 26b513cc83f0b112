package dev.tidewheel.jobs.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.definitions.RecordTime;
import dev.tidewheel.definitions.SourceFormat;
import dev.tidewheel.feature.change.RandomChangeStream.Told;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.Row;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Records of {@link dev.tidewheel.feature.change.RandomChangeStream} as Debezium writes them. */
public final class DebeziumJson {
    public static final String SCHEMA = """
            {"type": "record", "name": "Order", "fields": [
              {"name": "id", "type": "long"},
              {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
              {"name": "place", "type": ["null", "string"]},
              {"name": "amount", "type": "double"},
              {"name": "note", "type": ["null", "string"]}]}
            """;
    private static final ObjectMapper JSON = new ObjectMapper();

    private DebeziumJson() {}

    /** @param changelog the primary key, or nothing */
    public static SourceLayout layout(String source, String topic, List<String> changelog) {
        return layout(source, topic, changelog, "more");
    }

    /** @param more the name of another string in the schema, which is a column only if the columns say so */
    public static SourceLayout layout(String source, String topic, List<String> changelog, String more) {
        return new SourceLayout(
                source,
                topic,
                SourceFormat.DEBEZIUM,
                SCHEMA.replace("[\n", "[\n{\"name\": \"" + more + "\", \"type\": [\"null\", \"string\"]},\n"),
                "at",
                null,
                null,
                Duration.ofMinutes(15),
                Duration.ofHours(1),
                RecordTime.KAFKA,
                changelog);
    }

    /** The value of a record; null for a tombstone. */
    public static byte[] value(Told told) {
        if (told.operation() == RowOperation.TOMBSTONE) {
            return null;
        }
        ObjectNode envelope = JSON.createObjectNode();
        envelope.set("before", told.before() == null ? JSON.nullNode() : row(told.before()));
        envelope.set("after", told.after() == null ? JSON.nullNode() : row(told.after()));
        envelope.putObject("source").put("connector", "postgresql").put("ts_ms", told.timestamp() - 7);
        envelope.put("op", told.operation().word()).put("ts_ms", told.timestamp() - 3);
        ObjectNode whole = envelope;
        if (told.offset() % 2 == 0) {
            whole = JSON.createObjectNode();
            whole.putObject("schema").put("type", "struct").putArray("fields");
            whole.set("payload", envelope);
        }
        return whole.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode row(Row row) {
        ObjectNode object = JSON.createObjectNode().put("id", row.getLong(0));
        object.put("at", row.isNull(1) ? null : Long.valueOf(row.getLong(1)));
        object.put("place", row.getString(2));
        object.put("amount", row.isNull(3) ? null : Double.valueOf(row.getDouble(3)));
        return object.put("note", row.getString(4));
    }
}
