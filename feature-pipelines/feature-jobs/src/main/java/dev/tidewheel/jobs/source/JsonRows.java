package dev.tidewheel.jobs.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/**
 * JSON objects to rows, by the shape that an Avro schema declares. Other fields are skipped, of a field that is written
 * twice the last one counts. Not thread-safe.
 */
final class JsonRows {
    private final Map<String, JsonField> fields = new HashMap<>();
    private final List<JsonField> required = new ArrayList<>();
    private final Row defaults;
    private final boolean[] seen;

    /**
     * @throws IllegalArgumentException if schema and columns do not fit
     */
    JsonRows(Schema declared, RowSchema columns) {
        this(declared, columns, false);
    }

    /** Rows of which any field may be missing or null. */
    static JsonRows partial(Schema declared, RowSchema columns) {
        return new JsonRows(declared, columns, true);
    }

    private JsonRows(Schema declared, RowSchema columns, boolean partial) {
        Schema schema = DeclaredFields.of(declared, columns);
        this.defaults = new Row(columns.size());
        this.seen = new boolean[columns.size()];
        for (int slot = 0; slot < columns.size(); slot++) {
            Column column = columns.column(slot);
            Schema.Field field = schema.getField(column.name());
            JsonField json = new JsonField(column, slot, field.schema(), partial);
            fields.put(column.name(), json);
            ColumnReader fits = ColumnReader.of(schema, column, slot);
            if (partial) {
                continue;
            }
            if (field.hasDefaultValue()) {
                fits.set(GenericData.get().getDefaultValue(field), defaults);
            } else {
                required.add(json);
            }
        }
    }

    /** Reads the object that the parser stands at the beginning of, to its end. */
    Row read(JsonParser in) throws IOException, UndecodableException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw new UndecodableException("there is no JSON object but " + shown(in.currentToken()));
        }
        Row row = new Row(
                defaults.words().clone(),
                defaults.strings().clone(),
                defaults.nulls().clone());
        Arrays.fill(seen, false);
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonField field = fields.get(name);
            in.nextToken();
            if (field == null) {
                in.skipChildren();
            } else {
                field.read(in, row);
                seen[field.slot()] = true;
            }
        }
        for (JsonField field : required) {
            if (!seen[field.slot()]) {
                throw new UndecodableException(
                        "field '" + field.name() + "' is missing, and the schema gives it no default");
            }
        }
        return row;
    }

    private static String shown(@Nullable JsonToken token) {
        return token == null ? "nothing" : token.asString() == null ? token.name() : token.asString();
    }
}
