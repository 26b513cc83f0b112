package dev.tidewheel.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.TestFlights;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.records.DeadLetterReason;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {
    private static final Flight FLIGHT = new Flight(7, 1_000, 2_000, "ORD", "LAX", -3);

    private final RecordDecoder decoder = new RecordDecoder(TestFlights.layout("flights"), TestFlights.columns());

    @Test
    void aRecordBecomesAChange() {
        SourceRecord record = decoder.decode(2, 17, 5_000, null, FLIGHT.avro());

        assertThat(record.accepted()).isTrue();
        assertThat(record.change()).isEqualTo(FLIGHT.change());
        assertThat(record)
                .extracting(SourceRecord::partition, SourceRecord::offset, SourceRecord::timestamp)
                .containsExactly(2, 17L, 5_000L);
        assertThat(record.value()).as("kept only if refused").isNull();
    }

    @Test
    void withoutDeclaredColumnsKafkasTimeAndPositionCount() {
        SourceLayout bare = new SourceLayout("flights", "topic", TestFlights.SCHEMA, "date", null, null);

        Change change = new RecordDecoder(bare, TestFlights.columns())
                .decode(2, 17, 5_000, null, FLIGHT.avro())
                .change();

        assertThat(change.knownTime()).isEqualTo(5_000);
        assertThat(change.id()).isEqualTo(EventId.of("topic", 2, 17));
    }

    @Test
    void whatIsNotAvroOfTheSchemaIsRefusedWithItsBytes() {
        byte[] tooShort = Arrays.copyOf(FLIGHT.avro(), 5);
        byte[] tooLong = Arrays.copyOf(FLIGHT.avro(), FLIGHT.avro().length + 1);
        for (byte[] broken : List.of(tooShort, tooLong, new byte[0])) {
            SourceRecord record = decoder.decode(0, 0, 0, new byte[] {9}, broken);

            assertThat(record.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
            assertThat(record.value()).isEqualTo(broken);
            assertThat(record.key()).containsExactly(9);
            assertThat(record.nulls()).containsOnly(true);
        }
    }

    @Test
    void randomBytesNeverThrow() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            SourceRecord record = decoder.decode(0, i, 0, null, bytes);
            assertThat(record.accepted() || record.value() == bytes).isTrue();
        }
        assertThat(decoder.decode(0, 0, 0, null, FLIGHT.avro()).change())
                .as("and leave no trace")
                .isEqualTo(FLIGHT.change());
    }

    /** What Avro says to a length that no array can have is no exception of Avro's. */
    @Test
    void absurdLengthsAreRefusedAndLeaveNoTrace() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        encoder.writeLong(7); // flight_id
        encoder.writeIndex(0); // no date
        encoder.writeLong(1); // landing
        encoder.writeIndex(1); // an origin ...
        encoder.writeLong(Long.MAX_VALUE); // ... of so many bytes
        encoder.flush();

        SourceRecord record = decoder.decode(0, 0, 0, null, bytes.toByteArray());

        assertThat(record.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
        assertThat(record.value()).isEqualTo(bytes.toByteArray());
        assertThat(decoder.decode(0, 1, 0, null, FLIGHT.avro()).change()).isEqualTo(FLIGHT.change());
    }

    @Test
    void aTombstoneAndAMissingTimeAreRefused() {
        GenericRecord noDate = FLIGHT.record();
        noDate.put("date", null);

        assertThat(decoder.decode(0, 0, 0, null, null).reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
        assertThat(decoder.decode(0, 0, 0, null, TestFlights.bytes(noDate)).reason())
                .isEqualTo(DeadLetterReason.NO_EVENT_TIME);
    }

    @Test
    void microsecondsAreFloored() throws Exception {
        String schema = """
                {"type": "record", "name": "E", "fields": [
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}
                """;
        RowSchema columns = new RowSchema(List.of(new Column("at", ColumnType.TIMESTAMP)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        encoder.writeLong(-1);
        encoder.flush();

        SourceRecord record = new RecordDecoder(new SourceLayout("e", "e", schema, "at", null, null), columns)
                .decode(0, 0, 0, null, bytes.toByteArray());

        assertThat(record.eventTime()).isEqualTo(-1);
    }

    @Test
    void columnsThatDoNotFitTheSchemaAreNamed() {
        RowSchema other = new RowSchema(List.of(new Column("speed", ColumnType.INT64)));

        assertThatThrownBy(() -> new RecordDecoder(TestFlights.layout("flights"), other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'speed'");
    }
}
