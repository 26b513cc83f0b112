package dev.tidewheel.jobs.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's change events in JSON: {@code {before, after, op, ts_ms, source: {ts_ms}}}, by themselves or as the
 * {@code payload} beside a {@code schema} of Kafka Connect.
 */
final class DebeziumJsonReader implements ValueReader {
    private final JsonFactory json = new JsonFactory();
    private final JsonRows rows;
    private final JsonRows rowsBefore;

    /** @param partialBefore whether the row before may lack any field: only its key is looked at */
    DebeziumJsonReader(Schema schema, RowSchema columns, boolean partialBefore) {
        this.rows = new JsonRows(schema, columns);
        this.rowsBefore = partialBefore ? JsonRows.partial(schema, columns) : rows;
    }

    @Override
    public ReadValue read(byte[] value) throws IOException, UndecodableException {
        try (JsonParser in = json.createParser(value)) {
            in.nextToken();
            ReadValue.RowChanged change = new Envelope().read(in);
            if (in.nextToken() != null) {
                throw new UndecodableException("something follows the JSON object");
            }
            return change;
        }
    }

    /** One envelope while it is read. */
    private final class Envelope {
        private @Nullable String operation;
        private @Nullable Row before;
        private @Nullable Row after;
        private @Nullable Long connectorTime;
        private @Nullable Long databaseTime;

        ReadValue.RowChanged read(JsonParser in) throws IOException, UndecodableException {
            object(in);
            if (operation == null) {
                throw new UndecodableException("there is no op: the record is no change event of Debezium");
            }
            return new ReadValue.RowChanged(Debezium.operation(operation), before, after, connectorTime, databaseTime);
        }

        private void object(JsonParser in) throws IOException, UndecodableException {
            if (in.currentToken() != JsonToken.START_OBJECT) {
                throw new UndecodableException("there is no JSON object that could be a change event");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                switch (name) {
                    case "payload" -> object(in);
                    case "op" -> operation = in.getText();
                    case "before" -> before = row(in, name, rowsBefore);
                    case "after" -> after = row(in, name, rows);
                    case "ts_ms" -> connectorTime = time(in, name);
                    case "source" -> source(in);
                    default -> in.skipChildren();
                }
            }
        }

        private void source(JsonParser in) throws IOException, UndecodableException {
            if (in.currentToken() != JsonToken.START_OBJECT) {
                in.skipChildren();
                return;
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                if (name.equals("ts_ms")) {
                    databaseTime = time(in, "source.ts_ms");
                } else {
                    in.skipChildren();
                }
            }
        }
    }

    private static @Nullable Row row(JsonParser in, String name, JsonRows rows)
            throws IOException, UndecodableException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        try {
            return Debezium.complete(rows.read(in));
        } catch (UndecodableException wrong) {
            throw new UndecodableException("in '" + name + "': " + wrong.getMessage());
        }
    }

    private static @Nullable Long time(JsonParser in, String name) throws IOException, UndecodableException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new UndecodableException(name + " is no whole number of milliseconds");
        }
        return in.getLongValue();
    }
}
