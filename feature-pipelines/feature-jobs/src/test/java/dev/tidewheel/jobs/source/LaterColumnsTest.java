package dev.tidewheel.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.SourceFormat;
import dev.tidewheel.feature.change.RandomChangeStream;
import dev.tidewheel.feature.change.RandomChangeStream.Told;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.records.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.DefaultOpenContext;
import org.junit.jupiter.api.Test;

class LaterColumnsTest {
    private static final RowSchema COLUMNS = new RowSchema(List.of(
            new Column("at", ColumnType.TIMESTAMP),
            new Column("known", ColumnType.TIMESTAMP),
            new Column("note", ColumnType.STRING)));
    private static final SourceLayout EVENTS = new SourceLayout("e", "e", SourceFormat.JSON, """
            {"type": "record", "name": "E", "fields": [
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "known", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "note", "type": "string"}]}
            """, "at", "known", null);

    private static LaterColumns opened(SourceLayout layout, RowSchema columns, String column) {
        ColumnsSince since = new ColumnsSince(Map.of(column, Map.of(0, 5L), "gone", Map.of(0, 9L)));
        LaterColumns later = new LaterColumns(layout, () -> columns, since);
        later.open(DefaultOpenContext.INSTANCE);
        return later;
    }

    private static SourceRecord event(int partition, long offset) {
        byte[] value = "{\"at\": 1, \"known\": 2, \"note\": \"n\"}".getBytes(StandardCharsets.UTF_8);
        return new RecordDecoder(EVENTS, COLUMNS).decode(partition, offset, 3, null, value);
    }

    @Test
    void onlyWhatWasThereBeforeLosesTheColumn() {
        LaterColumns later = opened(EVENTS, COLUMNS, "note");
        Row whole = new Row(3).setLong(0, 1).setLong(1, 2).setString(2, "n");
        assertThat(later.map(event(0, 4)).row())
                .isEqualTo(new Row(3).setLong(0, 1).setLong(1, 2));
        assertThat(later.map(event(0, 5)).row()).isEqualTo(whole);
        assertThat(later.map(event(1, 4)).row()).as("another partition").isEqualTo(whole);
    }

    @Test
    void aRecordThatLosesItsTimeIsRefused() {
        SourceRecord refused = opened(EVENTS, COLUMNS, "known").map(event(0, 4));
        assertThat(refused.reason()).isEqualTo(DeadLetterReason.NO_KNOWN_TIME);
        assertThat(refused.detail()).startsWith("known is null in the raw table");
        assertThat(refused.adds()).isFalse();
        assertThat(opened(EVENTS, COLUMNS, "at").map(event(0, 4)).reason()).isEqualTo(DeadLetterReason.NO_EVENT_TIME);
    }

    @Test
    void bothRowsOfAChangeLoseTheColumn() {
        SourceLayout layout = DebeziumJson.layout("orders", RandomChangeStream.TOPIC, List.of());
        RowSchema columns = RandomChangeStream.COLUMNS;
        Row row = new Row(5).setLong(0, 7).setLong(1, 5).setDouble(3, 1.5).setString(4, "n");
        Told told = new Told(0, 4, 5, RowOperation.UPDATE, row, row);
        RecordDecoder decoder = new RecordDecoder(layout, columns);
        Row without = new Row(5).setLong(0, 7).setLong(1, 5).setDouble(3, 1.5);
        SourceRecord found =
                opened(layout, columns, "note").map(decoder.decode(0, 4, 5, null, DebeziumJson.value(told)));
        assertThat(found.change().row()).isEqualTo(without);
        assertThat(found.taken().row()).isEqualTo(without);

        SourceRecord timeless =
                opened(layout, columns, "at").map(decoder.decode(0, 4, 5, null, DebeziumJson.value(told)));
        assertThat(timeless.adds()).as("it has not happened yet").isFalse();
        assertThat(timeless.taken()).isNull();
    }

    /** Its times and id are its own columns: what its members call theirs need not be among them. */
    @Test
    void aUnionLosesTheColumnAlone() {
        Source payments =
                Definitions.load(Path.of("../../examples/engine")).orThrow().source("payments");
        RowSchema columns = payments.columns();
        Row row = new Row(columns.size()).setString(columns.slot("paid_with"), "cash");
        SourceRecord record = new SourceRecord(
                0, 4, 3, null, null, row.words(), row.strings(), row.nulls(), 1, 2, "card/", 0, 7, null, "", null);

        SourceRecord found =
                opened(SourceLayout.of(payments), columns, "paid_with").map(record);

        assertThat(found.accepted()).isTrue();
        assertThat(found.row()).isEqualTo(new Row(columns.size()));
    }

    @Test
    void offsetsAreTextAndBack() {
        Map<Integer, Long> offsets = Map.of(3, 12L, 0, 7L, 65_536, 1L);
        assertThat(ColumnsSince.text(offsets)).isEqualTo("0=7,3=12,65536=1");
        assertThat(ColumnsSince.offsets(ColumnsSince.text(offsets))).isEqualTo(offsets);
        assertThat(ColumnsSince.offsets("")).isEmpty();
    }
}
