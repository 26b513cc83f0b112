package dev.tidewheel.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.SourceFormat;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.records.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordsTest {
    private static final String SCHEMA = """
            {"type": "record", "name": "E", "fields": [
              {"name": "id", "type": "long"},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "fine", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},
              {"name": "small", "type": ["null", "int"]},
              {"name": "share", "type": ["double", "null"]},
              {"name": "open", "type": "boolean", "default": true},
              {"name": "place", "type": ["null", "string"]},
              {"name": "sky", "type": ["null", {"type": "enum", "name": "Sky", "symbols": ["SUN", "RAIN"]}]},
              {"name": "tags", "type": {"type": "array", "items": "string"}}]}
            """;
    private static final RowSchema COLUMNS = new RowSchema(List.of(
            new Column("id", ColumnType.INT64),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("fine", ColumnType.TIMESTAMP),
            new Column("small", ColumnType.INT64),
            new Column("share", ColumnType.FLOAT64),
            new Column("open", ColumnType.BOOL),
            new Column("place", ColumnType.STRING),
            new Column("sky", ColumnType.STRING)));

    private final RecordDecoder decoder =
            new RecordDecoder(new SourceLayout("e", "e", SourceFormat.JSON, SCHEMA, "at", null, "id"), COLUMNS);

    private SourceRecord decode(String json) {
        return decoder.decode(1, 2, 3, null, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String with(String field) {
        return "{\"id\": 7, \"at\": 5, " + field + "}";
    }

    @Test
    void fieldsFillColumnsByNameAndOthersAreSkipped() {
        SourceRecord record = decode("""
                {"other": {"id": [1, {"at": 3}]}, "sky": "RAIN", "place": "Ål", "open": false, "share": 0.1,
                 "small": -3, "fine": -1, "at": "2001-02-01T09:00:00.0019+01:00", "id": 9223372036854775807, "tags": 4}
                """);

        assertThat(record.detail()).isEmpty();
        assertThat(record.row())
                .isEqualTo(new Row(8)
                        .setLong(0, Long.MAX_VALUE)
                        .setLong(1, 981_014_400_001L)
                        .setLong(2, -1)
                        .setLong(3, -3)
                        .setDouble(4, 0.1)
                        .setBoolean(5, false)
                        .setString(6, "Ål")
                        .setString(7, "RAIN"));
        assertThat(record.eventTime()).isEqualTo(981_014_400_001L);
    }

    @Test
    void whatIsMissingIsItsDefaultOrNull() {
        Row row = decode("{\"id\": 7.0e0, \"at\": 5}").row();

        assertThat(row).isEqualTo(new Row(8).setLong(0, 7).setLong(1, 5).setBoolean(5, true));
        assertThat(decode(with("\"small\": null, \"small\": 4")).row().getLong(3))
                .isEqualTo(4);
        assertThat(decode(with("\"small\": 4, \"small\": null")).row().isNull(3))
                .isTrue();
        assertThat(decode(with("\"share\": \"-Infinity\"")).row().getDouble(4)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"at\": 5}|field 'id' is missing, and the schema gives it no default",
                "{\"at\": 5, \"id\": null}|field 'id' is null, but the schema declares LONG",
                "{\"at\": 5, \"id\": 1.5}|field 'id' is 1.5, not a whole number of 64 bits",
                "{\"at\": 5, \"id\": 9223372036854775808}|field 'id' is 9223372036854775808, not a whole number",
                "{\"at\": 5, \"id\": 1e999999999}|field 'id' is 1e999999999, not a whole number",
                "{\"at\": 5, \"id\": \"7\"}|field 'id' is the string \"7\", not a whole number",
                "{\"at\": 5, \"id\": [7]}|field 'id' is an array, not a whole number",
                "{\"id\": 5, \"at\": \"2001-02-01T08:00:00\"}|such as 2001-02-01T08:00:00Z",
                "{\"id\": 5, \"at\": true}|field 'at' is true, not a time",
                "{\"id\": 5, \"at\": 1, \"small\": 2147483648}|field 'small' is 2147483648, not a whole number of 32",
                "{\"id\": 5, \"at\": 1, \"share\": 1e400}|field 'share' is 1e400, not a number in the range",
                "{\"id\": 5, \"at\": 1, \"share\": \"1\"}|field 'share' is the string \"1\", not a number",
                "{\"id\": 5, \"at\": 1, \"open\": 1}|field 'open' is 1, not true or false",
                "{\"id\": 5, \"at\": 1, \"open\": null}|field 'open' is null",
                "{\"id\": 5, \"at\": 1, \"place\": {}}|field 'place' is an object, not a string",
                "{\"id\": 5, \"at\": 1, \"sky\": \"FOG\"}|field 'sky' is the string \"FOG\", not one of",
                "{\"id\": 5, \"at\": 1} {}|something follows the JSON object",
                "[1]|there is no JSON object but [",
                "17|there is no JSON object",
                "{\"id\": 5, \"at\"|not json of the source's schema"
            })
    void whatDoesNotFitIsADeadLetterThatNamesTheField(String json, String detail) {
        SourceRecord record = decode(json);

        assertThat(record.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
        assertThat(record.detail()).contains(detail);
        assertThat(record.value()).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
        assertThat(record.nulls()).containsOnly(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "\u0000", "{\"id\": 1, \"at\": 1, \"deep\": "})
    void whatIsNoJsonIsADeadLetter(String text) {
        assertThat(decode(text + "[".repeat(text.startsWith("{") ? 3_000 : 0)).reason())
                .isEqualTo(DeadLetterReason.UNDECODABLE);
    }

    @Test
    void garbageNeverThrowsAndLeavesNoTrace() {
        long seed = 11;
        Random random = new Random(seed);
        String good = "{\"id\": 7, \"at\": 5, \"share\": 1.5, \"place\": \"x\", \"small\": 1, \"sky\": \"SUN\"}";
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            SourceRecord record = decoder.decode(0, i, 0, null, bytes);
            assertThat(record.accepted() || record.reason() == DeadLetterReason.UNDECODABLE || record.reason() == null)
                    .as("seed %d, record %d", seed, i)
                    .isTrue();
        }
        assertThat(decode("{\"id\": 7, \"at\": 5}").row())
                .isEqualTo(new Row(8).setLong(0, 7).setLong(1, 5).setBoolean(5, true));
    }
}
