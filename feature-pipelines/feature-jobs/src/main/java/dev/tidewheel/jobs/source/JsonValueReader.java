package dev.tidewheel.jobs.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import org.apache.avro.Schema;

/** One JSON object per record. */
final class JsonValueReader implements ValueReader {
    private final JsonFactory json = new JsonFactory();
    private final JsonRows rows;

    JsonValueReader(Schema schema, RowSchema columns) {
        this.rows = new JsonRows(schema, columns);
    }

    @Override
    public ReadValue read(byte[] value) throws IOException, UndecodableException {
        try (JsonParser in = json.createParser(value)) {
            in.nextToken();
            Row row = rows.read(in);
            if (in.nextToken() != null) {
                throw new UndecodableException("something follows the JSON object");
            }
            return new ReadValue.Event(row);
        }
    }
}
