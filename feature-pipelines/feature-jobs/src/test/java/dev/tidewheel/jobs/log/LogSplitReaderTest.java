package dev.tidewheel.jobs.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.jobs.FeatureJobConfig.Lost;
import dev.tidewheel.jobs.retention.KafkaTopicLog;
import dev.tidewheel.jobs.source.KeptRecord;
import dev.tidewheel.jobs.source.KeptRow;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.runtime.metrics.groups.InternalSourceReaderMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Partitions of a real broker, whose beginnings a played table has or has not. */
class LogSplitReaderTest {
    private static final int RECORDS = 3_000;
    private static final int LOST = 2_500;

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @Test
    void eachPartitionIsReadOnceFromItsBeginning() throws Exception {
        Map<TopicPartition, List<Long>> read = new TreeMap<>((one, other) -> one.partition() - other.partition());
        prepare("whole", 3);
        lose("whole", 0, LOST);
        lose("whole", 1, LOST);
        // The table ends before Kafka begins when it is first looked at, and has more when it is looked at again.
        try (LogSplitReader reader = reader("whole", new PlayedTable(LOST - 100, LOST + 7))) {
            reader.handleSplitsChanges(
                    new SplitsAddition<>(List.of(split("whole", 0), split("whole", 1), split("whole", 2))));
            while (read.values().stream().mapToInt(List::size).sum() < 3 * RECORDS) {
                take(reader.fetch(), read);
            }
        }
        assertThat(read).hasSize(3);
        read.values()
                .forEach(offsets -> assertThat(offsets)
                        .containsExactlyElementsOf(
                                LongStream.range(0, RECORDS).boxed().toList()));
    }

    /** Its watermark must not go by what the table has while the others stand still. */
    @Test
    void aSlowJobReadsWhatKafkaHasBesideTheTable() throws Exception {
        Map<TopicPartition, List<Long>> read = new TreeMap<>((one, other) -> one.partition() - other.partition());
        int lost = 13 * LOST;
        prepare("slow", 2, 13 * RECORDS);
        lose("slow", 0, lost);
        try (LogSplitReader reader = reader("slow", new PlayedTable(lost, lost))) {
            reader.handleSplitsChanges(new SplitsAddition<>(List.of(split("slow", 0), split("slow", 1))));
            while (read.getOrDefault(new TopicPartition("slow", 0), List.of()).size() < lost) {
                take(reader.fetch(), read);
                // As long as a slow stage makes the reader wait: more than Kafka's turn.
                CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(30, TimeUnit.MILLISECONDS))
                        .join();
            }
        }
        assertThat(read.getOrDefault(new TopicPartition("slow", 1), List.of()))
                .as("records of Kafka when the table's %d are through", lost)
                .hasSizeGreaterThan(3_000);
    }

    /** As Flink gives a partition that was found after the start. */
    @Test
    void whatBeginsWithoutAnOffsetBeginsWithTheTable() throws Exception {
        Map<TopicPartition, List<Long>> read = new TreeMap<>((one, other) -> one.partition() - other.partition());
        prepare("found", 2);
        lose("found", 0, LOST);
        try (LogSplitReader reader = reader("found", new PlayedTable(LOST, LOST, new TopicPartition("found", 0)))) {
            reader.handleSplitsChanges(new SplitsAddition<>(List.of(
                    new KafkaPartitionSplit(new TopicPartition("found", 0), KafkaPartitionSplit.EARLIEST_OFFSET),
                    new KafkaPartitionSplit(new TopicPartition("found", 1), KafkaPartitionSplit.EARLIEST_OFFSET))));
            while (read.values().stream().mapToInt(List::size).sum() < 2 * RECORDS) {
                take(reader.fetch(), read);
            }
        }
        read.values()
                .forEach(offsets -> assertThat(offsets)
                        .containsExactlyElementsOf(
                                LongStream.range(0, RECORDS).boxed().toList()));
    }

    @Test
    void whatNeitherHasIsNamed() throws Exception {
        prepare("gone", 1);
        lose("gone", 0, LOST);
        try (LogSplitReader reader = reader("gone", new PlayedTable(LOST - 100, LOST - 100))) {
            reader.handleSplitsChanges(new SplitsAddition<>(List.of(split("gone", 0))));
            assertThatThrownBy(() -> {
                        while (true) {
                            take(reader.fetch(), new TreeMap<>((one, other) -> 0));
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "offsets 2400 to 2499 of gone-0 are neither in Kafka any more nor in the raw");
        }
    }

    @Test
    void whatNeitherHasCanBeLeftOut() throws Exception {
        Map<TopicPartition, List<Long>> read = new TreeMap<>((one, other) -> 0);
        prepare("skipped", 1);
        lose("skipped", 0, LOST);
        int there = RECORDS - 100;
        try (LogSplitReader reader = reader("skipped", new PlayedTable(LOST - 100, LOST - 100), Lost.SKIP)) {
            reader.handleSplitsChanges(new SplitsAddition<>(List.of(split("skipped", 0))));
            while (read.values().stream().mapToInt(List::size).sum() < there) {
                take(reader.fetch(), read);
            }
        }
        assertThat(read.get(new TopicPartition("skipped", 0)))
                .containsExactlyElementsOf(
                        LongStream.concat(LongStream.range(0, LOST - 100), LongStream.range(LOST, RECORDS))
                                .boxed()
                                .toList());
    }

    /** Kafka knows nothing of it, and a reader with nothing else waits until it is woken. */
    @Test
    void anImportIsReadFromTheTableAlone() throws Exception {
        Map<TopicPartition, List<Long>> read = new TreeMap<>((one, other) -> one.partition() - other.partition());
        TopicPartition imported = new TopicPartition("imported", Channels.importPartition(0));
        prepare("imported", 1);
        try (LogSplitReader reader = reader("imported", new PlayedTable(LOST, LOST, imported))) {
            reader.handleSplitsChanges(new SplitsAddition<>(List.of(new KafkaPartitionSplit(imported, 7))));
            while (read.values().stream().mapToInt(List::size).sum() < LOST - 7) {
                take(reader.fetch(), read);
            }
            take(reader.fetch(), read);
            CompletableFuture<Void> waits = CompletableFuture.runAsync(() -> fetch(reader, read));
            AtomicReference<Exception> told = new AtomicReference<>(new IOException("nobody was told"));
            reader.notifyCheckpointComplete(
                    Map.of(imported, new OffsetAndMetadata(LOST)), (offsets, failure) -> told.set(failure));
            assertThat(told.get()).isNull();
            assertThat(waits).isNotDone();
            reader.wakeUp();
            waits.get(30, TimeUnit.SECONDS);
            reader.handleSplitsChanges(new SplitsAddition<>(List.of(split("imported", 0))));
            while (read.values().stream().mapToInt(List::size).sum() < LOST - 7 + RECORDS) {
                take(reader.fetch(), read);
            }
        }
        assertThat(read.get(imported))
                .containsExactlyElementsOf(LongStream.range(7, LOST).boxed().toList());
        assertThat(read.get(new TopicPartition("imported", 0))).hasSize(RECORDS);
    }

    /** The table was set back to a time before the import, or to a part of it. */
    @Test
    void anImportThatIsNotWholeAnyMoreIsNamed() throws Exception {
        TopicPartition imported = new TopicPartition("less", Channels.importPartition(0));
        prepare("less", 1);
        for (PlayedTable table : List.of(
                new PlayedTable(LOST, LOST, new TopicPartition("less", 0)),
                new PlayedTable(LOST, LOST, imported).importedTo(LOST + 1))) {
            try (LogSplitReader reader = reader("less", table)) {
                reader.handleSplitsChanges(new SplitsAddition<>(List.of(new KafkaPartitionSplit(imported, LOST))));
                assertThatThrownBy(reader::fetch)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("import less-64512 is not in the raw table");
            }
            try (LogSplitReader reader = reader("less", table, Lost.SKIP)) {
                reader.handleSplitsChanges(new SplitsAddition<>(List.of(new KafkaPartitionSplit(imported, LOST))));
                assertThat(reader.fetch().nextSplit()).isNull();
            }
        }
    }

    private static void fetch(LogSplitReader reader, Map<TopicPartition, List<Long>> read) {
        try {
            take(reader.fetch(), read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void take(
            RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> batch, Map<TopicPartition, List<Long>> read) {
        for (String split = batch.nextSplit(); split != null; split = batch.nextSplit()) {
            for (ConsumerRecord<byte[], byte[]> record = batch.nextRecordFromSplit();
                    record != null;
                    record = batch.nextRecordFromSplit()) {
                read.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), none -> new ArrayList<>())
                        .add(record.offset());
            }
        }
    }

    private static KafkaPartitionSplit split(String topic, int partition) {
        return new KafkaPartitionSplit(new TopicPartition(topic, partition), 0);
    }

    private static void prepare(String topic, int partitions) throws Exception {
        prepare(topic, partitions, RECORDS);
    }

    private static void prepare(String topic, int partitions, int records) throws Exception {
        KAFKA.createTopic(topic, partitions);
        try (Producer<byte[], byte[]> producer = KafkaClients.bytesProducer(KAFKA.config(), Duration.ofSeconds(30))) {
            for (int i = 0; i < partitions * records; i++) {
                var unused = producer.send(new ProducerRecord<>(topic, i % partitions, null, new byte[] {1}));
            }
            producer.flush();
        }
    }

    private static void lose(String topic, int partition, long before) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, KAFKA.bootstrap()))) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
    }

    private static LogSplitReader reader(String topic, KeptLog table) {
        return reader(topic, table, Lost.REFUSE);
    }

    private static LogSplitReader reader(String topic, KeptLog table, Lost lost) {
        Properties properties = new Properties();
        properties.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, KAFKA.bootstrap());
        properties.setProperty(ConsumerConfig.GROUP_ID_CONFIG, "test");
        properties.setProperty("client.id.prefix", "test");
        properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.setProperty(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.setProperty(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        Context context = new Context();
        return new LogSplitReader(
                properties,
                context,
                new KafkaSourceReaderMetrics(context.metricGroup()),
                Channels.of(topic),
                table,
                new KafkaTopicLog(KAFKA.config(), Channels.of(topic)),
                lost);
    }

    /** Has every record before an offset, and after it was read once for a partition, before another. */
    private record PlayedTable(long at, long later, long imported, TopicPartition... has) implements KeptLog {
        PlayedTable(long at, long later, TopicPartition... has) {
            this(at, later, later, has);
        }

        /** The same, of which more was imported once. */
        PlayedTable importedTo(long end) {
            return new PlayedTable(at, later, end, has);
        }

        @Override
        public Map<TopicPartition, Long> begins() {
            return Arrays.stream(has).collect(Collectors.toMap(partition -> partition, partition -> 0L));
        }

        @Override
        public Map<TopicPartition, Long> imports() {
            return Arrays.stream(has)
                    .filter(partition -> Channels.isImport(partition.partition()))
                    .collect(Collectors.toMap(partition -> partition, partition -> imported));
        }

        @Override
        public Reading read(TopicPartition partition, long from) {
            Iterator<Long> offsets =
                    LongStream.range(from, from < at ? at : later).boxed().iterator();
            return new Reading() {
                @Override
                public KeptRecord next() {
                    return offsets.hasNext()
                            ? new KeptRecord(
                                    partition, offsets.next(), 7, new KeptRow(null, null, null, new Row(0), null))
                            : null;
                }

                @Override
                public void close() {}
            };
        }
    }

    /** Of subtask 0 of a job without metrics. */
    private static final class Context implements SourceReaderContext {
        @Override
        public SourceReaderMetricGroup metricGroup() {
            return InternalSourceReaderMetricGroup.mock(
                    UnregisteredMetricGroups.createUnregisteredOperatorMetricGroup());
        }

        @Override
        public Configuration getConfiguration() {
            return new Configuration();
        }

        @Override
        public String getLocalHostName() {
            return "localhost";
        }

        @Override
        public int getIndexOfSubtask() {
            return 0;
        }

        @Override
        public void sendSplitRequest() {
            throw new UnsupportedOperationException("splits are given");
        }

        @Override
        public void sendSourceEventToCoordinator(SourceEvent event) {
            throw new UnsupportedOperationException("nobody coordinates");
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return SimpleUserCodeClassLoader.create(LogSplitReaderTest.class.getClassLoader());
        }
    }
}
