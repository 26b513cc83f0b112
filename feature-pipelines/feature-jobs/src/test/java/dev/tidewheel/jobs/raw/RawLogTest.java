package dev.tidewheel.jobs.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.change.RandomChangeStream;
import dev.tidewheel.feature.change.RandomChangeStream.Told;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.log.KeptLog;
import dev.tidewheel.jobs.source.DebeziumJson;
import dev.tidewheel.jobs.source.KeptRecord;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.source.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.util.InstantiationUtil;
import org.apache.flink.util.function.SerializableSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes back from a raw table is the record that went in, whatever the source is. */
class RawLogTest {
    private static final byte[] BROKEN = "{\"op\": 1}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void changesOfRowsComeBack(boolean byKeys) throws Exception {
        List<Told> told = RandomChangeStream.random(new Random(5), 300, 1, byKeys);
        TopicPartition at = new TopicPartition("orders", 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Told each : told) {
            Told sent = byKeys ? each.keysOnly() : each;
            records.add(KeptTable.inKafka(at, sent.offset(), sent.timestamp(), null, DebeziumJson.value(sent)));
        }
        records.add(KeptTable.inKafka(at, told.size(), 77, new byte[] {1}, BROKEN));
        SourceLayout layout = DebeziumJson.layout("orders", "orders", byKeys ? List.of("id") : List.of());

        assertComeBack(layout, () -> RandomChangeStream.COLUMNS, at, records);
    }

    @Test
    void rowsOfAUnionComeBack() throws Exception {
        SourceLayout layout = SourceLayout.of(payments());
        TopicPartition at = new TopicPartition("wallet_payments", 1);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int offset = 0; offset < 40; offset++) {
            String account = offset % 5 == 4 ? "one" : "1";
            String value = offset % 7 == 3
                    ? "{}"
                    : "{\"id\": \"%d\", \"time\": %d, \"received\": %d, \"account\": \"%s\", \"amount\": 3.5}"
                            .formatted(offset, 60 + offset, 65 + offset, account);
            records.add(KeptTable.inKafka(at, offset, 70 + offset, null, value.getBytes(StandardCharsets.UTF_8)));
        }

        assertComeBack(layout, () -> payments().columns(), at, records);
    }

    private static Source payments() {
        return Definitions.load(Path.of("../../examples/engine")).orThrow().source("payments");
    }

    private void assertComeBack(
            SourceLayout layout,
            SerializableSupplier<RowSchema> columns,
            TopicPartition at,
            List<ConsumerRecord<byte[], byte[]>> records)
            throws Exception {
        KeptTable table = new KeptTable(layout, columns, folder);
        int half = records.size() / 2;
        table.add(records.subList(half, records.size()));
        table.add(records.subList(0, half + 5));
        table.commit();
        RawLog log = InstantiationUtil.clone(table.log());
        List<SourceRecord> expected = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            expected.add(table.decode(record));
        }

        assertThat(log.begins()).isEqualTo(Map.of(at, 0L));
        assertThat(expected).anyMatch(SourceRecord::accepted).anyMatch(record -> !record.accepted());
        assertThat(table.read(log, at, 0))
                .usingRecursiveComparison()
                .ignoringFields("detail")
                .isEqualTo(expected);
        assertThat(table.read(log, at, half - 3))
                .usingRecursiveComparison()
                .ignoringFields("detail")
                .isEqualTo(expected.subList(half - 3, expected.size()));
        assertThat(table.read(log, at, records.size())).isEmpty();
        assertThat(table.read(log, new TopicPartition(at.topic(), 5), 0)).isEmpty();
    }

    @Test
    void anOffsetThatAFileHasTwiceIsReadOnce() throws Exception {
        TopicPartition at = new TopicPartition("orders", 0);
        List<ConsumerRecord<byte[], byte[]>> twice = new ArrayList<>();
        orders(at).forEach(record -> twice.addAll(List.of(record, record)));
        KeptTable table = orders();
        table.add(twice);
        table.commit();

        assertThat(table.read(table.log(), at, 0))
                .extracting(SourceRecord::offset)
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void filesThatTableCareHasPutTogetherAreLookedUpAnew() throws Exception {
        TopicPartition at = new TopicPartition("orders", 0);
        KeptTable table = orders();
        List<ConsumerRecord<byte[], byte[]>> records = orders(at);
        for (int first = 0; first < records.size(); first += 2) {
            table.add(records.subList(first, first + 2));
        }
        table.commit();
        List<Long> read = new ArrayList<>();
        try (KeptLog.Reading reading = table.log().read(at, 0)) {
            for (KeptRecord record = reading.next(); record != null; record = reading.next()) {
                read.add(record.offset());
                if (record.offset() % 5 == 2) {
                    table.moveFiles();
                }
            }
        }
        assertThat(read).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    private KeptTable orders() {
        return new KeptTable(
                DebeziumJson.layout("orders", "orders", List.of()), () -> RandomChangeStream.COLUMNS, folder);
    }

    /** Offsets 0 to 9. */
    private static List<ConsumerRecord<byte[], byte[]>> orders(TopicPartition at) {
        return RandomChangeStream.random(new Random(6), 10, 1, false).stream()
                .map(told -> KeptTable.inKafka(at, told.offset(), told.timestamp(), null, DebeziumJson.value(told)))
                .toList();
    }

    @Test
    void aFileOutOfOrderIsRefused() throws Exception {
        TopicPartition at = new TopicPartition("orders", 0);
        List<ConsumerRecord<byte[], byte[]>> backwards = new ArrayList<>();
        RandomChangeStream.random(new Random(6), 10, 1, false)
                .forEach(told -> backwards.add(
                        0, KeptTable.inKafka(at, told.offset(), told.timestamp(), null, DebeziumJson.value(told))));
        KeptTable table = new KeptTable(
                DebeziumJson.layout("orders", "orders", List.of()), () -> RandomChangeStream.COLUMNS, folder);
        table.add(backwards);
        table.commit();

        assertThatThrownBy(() -> table.read(table.log(), at, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sort them by _partition, _offset");
    }

    @Test
    void aSourceWithoutATableHasKeptNothing() {
        SourceLayout layout = DebeziumJson.layout("orders", "orders", List.of());
        assertThat(new KeptTable(layout, () -> RandomChangeStream.COLUMNS, folder)
                        .log()
                        .begins())
                .isEmpty();
    }
}
