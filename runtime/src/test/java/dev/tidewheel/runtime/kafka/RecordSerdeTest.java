package dev.tidewheel.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.records.ClockTick;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Label;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class RecordSerdeTest {
    private static final ClockTick TICK = new ClockTick(981_000_000_000L, "replay", 7L);

    private final RecordSerde<ClockTick> serde = RecordSerde.of(ClockTick.class);

    @Test
    void readsWhatItWrote() {
        byte[] bytes = serde.encode(TICK);
        assertThat(bytes).startsWith(0xC3, 0x01);
        assertThat(serde.decode(bytes)).isEqualTo(TICK);
    }

    @Test
    void tombstonesStayTombstones() {
        assertThat(serde.serialize("topic", null)).isNull();
        assertThat(serde.deserialize("topic", null)).isNull();
    }

    @Test
    void refusesOtherRecords() {
        byte[] label = RecordSerde.of(Label.class).encode(new Label("r", 0, "m", "late", 1.0, 2L));
        assertThatThrownBy(() -> serde.decode(label))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("no known version of ClockTick");
    }

    @Test
    void refusesEveryTruncation() {
        byte[] bytes = serde.encode(TICK);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> serde.decode(cut)).isInstanceOf(UnreadableRecordException.class);
        }
    }

    @Test
    void refusesPlainText() {
        assertThatThrownBy(() -> serde.decode("{\"now\": 1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("single-object encoding");
    }

    /** A field that the writer did not know has its default, and a constant that we do not know is OTHER. */
    @Test
    void readsWhatOtherVersionsWrote() throws IOException {
        Schema older = changed(
                Definition.getClassSchema(),
                fields -> fields.removeIf(field -> field.name().equals("columns")));
        GenericRecord written = new GenericRecordBuilder(older)
                .set("kind", "Source")
                .set("name", "flights")
                .set("hash", "sha256:0")
                .set("body", "{}")
                .set("appliedAt", 5L)
                .build();
        byte[] bytes = encode(written);
        assertThat(RecordSerde.of(Definition.class, List.of(older)).decode(bytes))
                .isEqualTo(new Definition("Source", "flights", "sha256:0", "{}", 0L, List.of(), 5L));
        assertThatThrownBy(() -> RecordSerde.of(Definition.class).decode(bytes))
                .isInstanceOf(UnreadableRecordException.class);
    }

    @Test
    void readsConstantsOfTheFutureAsOther() throws IOException {
        Schema newer = new SchemaParser()
                .parse(DeadLetter.getClassSchema().toString().replace("\"OTHER\",", "\"OTHER\",\"INVENTED\","))
                .mainSchema();
        GenericRecord written = new GenericRecordBuilder(newer)
                .set("topic", "flights")
                .set("partition", 0)
                .set("offset", 1L)
                .set("timestamp", 2L)
                .set("stage", "decode")
                .set(
                        "reason",
                        new GenericData.EnumSymbol(newer.getField("reason").schema(), "INVENTED"))
                .set("detail", "")
                .build();
        assertThat(RecordSerde.of(DeadLetter.class, List.of(newer))
                        .decode(encode(written))
                        .getReason())
                .isEqualTo(DeadLetterReason.OTHER);
    }

    private static Schema changed(Schema schema, Consumer<List<Schema.Field>> change) {
        List<Schema.Field> fields = new ArrayList<>(schema.getFields());
        change.accept(fields);
        return Schema.createRecord(
                schema.getName(),
                schema.getDoc(),
                schema.getNamespace(),
                false,
                fields.stream()
                        .map(field -> new Schema.Field(field, field.schema()))
                        .toList());
    }

    private static byte[] encode(GenericRecord record) throws IOException {
        ByteBuffer buffer =
                new BinaryMessageEncoder<GenericRecord>(GenericData.get(), record.getSchema()).encode(record);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
