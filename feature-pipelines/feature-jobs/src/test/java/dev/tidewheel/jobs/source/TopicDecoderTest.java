package dev.tidewheel.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.jobs.TestErasures;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.erase.ErasedEntities;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decoders of a source of two topics, after a journey through the job graph. */
class TopicDecoderTest {
    private static final Source PAYMENTS =
            Definitions.load(Path.of("../../examples/engine")).orThrow().source("payments");
    private static final int SECOND_TOPIC = 65_536;
    private static final String UNTIMED = """
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: first}
            spec:
              kafka: {topic: first, format: json}
              schema:
                type: record
                name: Item
                fields:
                  - {name: at, type: ['null', {type: long, logicalType: timestamp-millis}]}
                  - {name: name, type: string}
                  - {name: weight, type: string}
              eventTime: at
              horizon: 1d
            ---
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: second}
            spec:
              kafka: {topic: second, format: json}
              schema:
                type: record
                name: Item
                fields:
                  - {name: at, type: ['null', {type: long, logicalType: timestamp-millis}]}
                  - {name: name, type: string}
                  - {name: weight, type: string}
              eventTime: at
              horizon: 1d
            ---
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: both}
            spec:
              union:
                - {source: first, select: {who: name, weight: int(weight)}}
                - {source: second, select: {who: name, weight: int(weight)}}
              horizon: 1d
            """;

    private TopicDecoder[] decoders = {};

    @BeforeEach
    void travel() throws Exception {
        SourceLayout layout = SourceLayout.of(PAYMENTS);
        SourceLayout arrived = InstantiationUtil.clone(layout);
        assertThat(arrived).isEqualTo(layout);
        decoders = TopicDecoder.of(arrived, PAYMENTS.columns(), null, ErasedEntities.NONE);
    }

    private SourceRecord decode(String topic, int partition, long offset, byte[] value) {
        return Arrays.stream(decoders)
                .filter(decoder -> decoder.reads(topic))
                .findFirst()
                .orElseThrow()
                .decode(new ConsumerRecord<>(
                        topic,
                        partition,
                        offset,
                        77,
                        TimestampType.CREATE_TIME,
                        0,
                        value.length,
                        new byte[] {9},
                        value,
                        new RecordHeaders(),
                        Optional.empty()));
    }

    @Test
    void eachTopicIsReadAsItsMemberSays() {
        SourceRecord card = decode("card_payments", 2, 40, card(7, 60, 1, 1250, "visa"));
        SourceRecord wallet = decode("wallet_payments", 2, 40, json("7", 60, 65, "1", "3.5"));

        assertThat(card.row()).isEqualTo(row(12.5, "card visa", "card_payments", 60, 77));
        assertThat(card.change().id()).isEqualTo(new EventId("card_payments/", 0, 7));
        assertThat(card.knownTime()).as("Kafka's, as the member says").isEqualTo(77);
        assertThat(card.partition()).isEqualTo(2);
        assertThat(wallet.row()).isEqualTo(row(3.5, "wallet", "wallet_payments", 60, 65));
        assertThat(wallet.change().id()).isEqualTo(EventId.of("wallet_payments/7"));
        assertThat(wallet.knownTime()).isEqualTo(65);
        assertThat(wallet.partition()).as("the channel").isEqualTo(SECOND_TOPIC + 2);
        assertThat(wallet.offset()).isEqualTo(40);
    }

    private static Row row(double amount, String with, String member, long event, long known) {
        return new Row(7)
                .setLong(0, 1)
                .setDouble(1, amount)
                .setString(2, with)
                .setString(3, member)
                .setLong(4, event)
                .setLong(5, known)
                .setString(6, "7");
    }

    @Test
    void whatAMemberRefusesTheUnionRefuses() {
        SourceRecord garbage = decode("wallet_payments", 1, 3, new byte[] {1});
        SourceRecord untimed = decode("wallet_payments", 1, 4, json("7", 60, null, "1", "3.5"));

        assertRefused(garbage, DeadLetterReason.UNDECODABLE, "");
        assertThat(garbage.value()).containsExactly(1);
        assertThat(untimed.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
        assertThat(untimed.detail()).contains("received");
    }

    @Test
    void whatCannotBeSelectedIsRefusedWithItsBytes() {
        byte[] value = json("7", 60, 65, "one", "3.5");
        SourceRecord record = decode("wallet_payments", 1, 3, value);

        assertRefused(record, DeadLetterReason.EXPRESSION_ERROR, "select: expression 'int(account)' gave ERROR on");
        assertThat(record.key()).containsExactly(9);
        assertThat(record.value()).isEqualTo(value);
    }

    private static void assertRefused(SourceRecord record, DeadLetterReason reason, String detail) {
        assertThat(record.reason()).isEqualTo(reason);
        assertThat(record.detail()).startsWith(detail);
        assertThat(record.partition()).isEqualTo(SECOND_TOPIC + 1);
        assertThat(record.row()).as("only whose it is").isEqualTo(new Row(7).setString(3, "wallet_payments"));
    }

    @Test
    void ofAnErasedEntityOnlyThePlaceIsLeftWhicheverTopicNamesIt() {
        String account = PAYMENTS.columns().column(0).name();
        decoders = TopicDecoder.of(
                SourceLayout.of(PAYMENTS), PAYMENTS.columns(), null, TestErasures.of(Map.of(account, "1")));

        KeptRow kept = new KeptRow(null, null, null, row(3.5, "wallet", "wallet_payments", 60, 65), null);
        TopicPartition wallets = new TopicPartition("wallet_payments", 2);
        for (SourceRecord erased : List.of(
                decoders[1].decode(new KeptRecord(wallets, 40, 77, kept)),
                decode("card_payments", 2, 40, card(7, 60, 1, 1250, "visa")),
                decode("wallet_payments", 2, 40, json("7", 60, 65, "1", "3.5")))) {
            assertThat(erased.reason()).isEqualTo(DeadLetterReason.ERASED);
            assertThat(erased.row()).isEqualTo(new Row(7));
            assertThat(erased.key()).isNull();
            assertThat(erased.value()).isNull();
            assertThat(erased.idText() + erased.detail()).isEmpty();
            assertThat(erased.partition() % SECOND_TOPIC).isEqualTo(2);
            assertThat(erased.offset()).isEqualTo(40);
        }
        assertThat(decode("wallet_payments", 1, 3, json("8", 60, 65, "2", "3.5"))
                        .accepted())
                .isTrue();
    }

    @Test
    void anErasedEntityIsKnownInWhatAMemberRefuses(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("union.yaml"), UNTIMED);
        Source union = Definitions.load(folder).orThrow().source("both");
        decoders = TopicDecoder.of(SourceLayout.of(union), union.columns(), null, TestErasures.of(Map.of("who", "me")));

        SourceRecord untimed = decode("first", 2, 40, untimed("null", "me", "7"));
        SourceRecord unselected = decode("first", 2, 40, untimed("60", "me", "seven"));
        SourceRecord another = decode("first", 2, 40, untimed("null", "you", "7"));

        assertThat(List.of(untimed, unselected)).allSatisfy(record -> {
            assertThat(record.reason()).isEqualTo(DeadLetterReason.ERASED);
            assertThat(record.value()).isNull();
            assertThat(record.offset()).isEqualTo(40);
        });
        assertThat(another.reason()).isEqualTo(DeadLetterReason.NO_EVENT_TIME);
        assertThat(another.value()).isNotNull();
    }

    private static byte[] untimed(String at, String name, String weight) {
        return "{\"at\": %s, \"name\": \"%s\", \"weight\": \"%s\"}"
                .formatted(at, name, weight)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aSourceOfOneTopicIsReadAsBefore() {
        Source cards =
                Definitions.load(Path.of("../../examples/engine")).orThrow().source("card_payments");
        decoders = TopicDecoder.of(SourceLayout.of(cards), cards.columns(), null, ErasedEntities.NONE);

        SourceRecord card = decode("card_payments", 2, 40, card(7, 60, 1, 1250, "visa"));

        assertThat(card.change().id()).isEqualTo(EventId.of(7));
        assertThat(card.row().size()).isEqualTo(5);
        assertThat(card.partition()).isEqualTo(2);
    }

    private static byte[] json(String id, long time, Integer received, String account, String amount) {
        return "{\"id\": \"%s\", \"time\": %d, \"received\": %s, \"account\": \"%s\", \"amount\": %s}"
                .formatted(id, time, received, account, amount)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] card(long id, long at, long customer, int cents, String network) {
        Schema schema = new Schema.Parser().parse(PAYMENTS.inputs().get(0).schema());
        GenericRecord record = new GenericData.Record(schema);
        record.put("payment_id", id);
        record.put("paid_at", at);
        record.put("customer", customer);
        record.put("cents", cents);
        record.put("network", network);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}
