package dev.tidewheel.jobs.log;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.jobs.FeatureJobConfig.Lost;
import dev.tidewheel.jobs.retention.TopicLog;
import dev.tidewheel.jobs.source.KeptRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaPartitionSplitReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions from Kafka, after what Kafka has deleted of them was read from the raw table.
 *
 * <p>Partitions that are read from the table take turns, batch by batch, and so does Kafka if it has others of this
 * reader: none of them waits for another so long that it would be taken for idle and the others' watermark left it behind.
 *
 * <p>An import is in the table alone. Once it is read its split stays, without records: in a checkpoint it says how far the
 * import is read, and its watermark holds the others back until it is idle.
 *
 * <p>All methods but {@link #wakeUp()} belong to the fetcher's thread.
 */
final class LogSplitReader extends KafkaPartitionSplitReader {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogSplitReader.class);
    private static final int BATCH = 1_000;
    /** For how long Kafka may let the table wait. */
    private static final Duration KAFKA_TURN = Duration.ofMillis(20);

    private final KeptLog kept;
    private final TopicLog topics;
    private final Lost lost;
    private final Channels channels;
    private final ArrayDeque<Replayed> replayed = new ArrayDeque<>();
    private final KafkaSourceReaderMetrics metrics;
    private final Semaphore wakeups = new Semaphore(0);
    private boolean live;
    private boolean kafkaIsNext;

    /** A partition that is read from the table. */
    private static final class Replayed {
        private final KafkaPartitionSplit split;
        private final KeptLog.Reading reading;
        private long next;
        private boolean hadRecords;

        Replayed(KafkaPartitionSplit split, long from, KeptLog.Reading reading) {
            this.split = split;
            this.next = from;
            this.reading = reading;
        }

        TopicPartition partition() {
            return split.getTopicPartition();
        }

        /** Null after the last. */
        @Nullable
        RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> batch() throws IOException {
            RecordsBySplits.Builder<ConsumerRecord<byte[], byte[]>> batch = new RecordsBySplits.Builder<>();
            int size = 0;
            while (size < BATCH) {
                KeptRecord record = reading.next();
                if (record == null) {
                    break;
                }
                batch.add(split.splitId(), record);
                next = record.offset() + 1;
                size++;
            }
            hadRecords |= size > 0;
            return size == 0 ? null : batch.build();
        }
    }

    LogSplitReader(
            Properties properties,
            SourceReaderContext context,
            KafkaSourceReaderMetrics metrics,
            Channels channels,
            KeptLog kept,
            TopicLog topics,
            Lost lost) {
        super(properties, context, metrics);
        this.metrics = metrics;
        this.channels = channels;
        this.kept = kept;
        this.topics = topics;
        this.lost = lost;
    }

    @Override
    public void handleSplitsChanges(SplitsChange<KafkaPartitionSplit> change) {
        if (!(change instanceof SplitsAddition)) {
            super.handleSplitsChanges(change);
            return;
        }
        try {
            add(change.splits());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(List<KafkaPartitionSplit> splits) throws IOException {
        List<KafkaPartitionSplit> inKafka = new ArrayList<>();
        Map<Integer, Long> begins = begins(splits);
        for (KafkaPartitionSplit split : splits) {
            long from = from(split);
            if (isImport(split)) {
                LOGGER.info("{} is an import: reading it from offset {} on", split.getTopicPartition(), from);
                metrics.registerTopicPartition(split.getTopicPartition());
                replay(split, from);
            } else if (from < 0 || from >= begins.getOrDefault(channel(split), 0L)) {
                inKafka.add(split);
            } else {
                LOGGER.info("{} has lost offset {}: reading it from the raw table", split.getTopicPartition(), from);
                replay(split, from);
            }
        }
        readFromKafka(inKafka);
    }

    /**
     * A partition that was found later, or of which nothing had been read yet, has no offset but Kafka's own word for its
     * earliest record, which is negative: it begins where the table does, if that has anything of it.
     */
    private long from(KafkaPartitionSplit split) {
        long offset = split.getStartingOffset();
        return offset < 0 ? kept.begins().getOrDefault(split.getTopicPartition(), offset) : offset;
    }

    private void replay(KafkaPartitionSplit split, long from) throws IOException {
        replayed.add(new Replayed(split, from, kept.read(split.getTopicPartition(), from)));
    }

    private void readFromKafka(List<KafkaPartitionSplit> splits) {
        if (!splits.isEmpty()) {
            live = true;
            super.handleSplitsChanges(new SplitsAddition<>(splits));
        }
    }

    @Override
    public RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetch() throws IOException {
        if (replayed.isEmpty()) {
            return live ? super.fetch() : untilWoken();
        }
        kafkaIsNext = live && !kafkaIsNext;
        if (kafkaIsNext) {
            return fetchBriefly();
        }
        Replayed turn = replayed.remove();
        RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> batch = turn.batch();
        if (batch == null) {
            turn.reading.close();
            goOver(turn);
            return new RecordsBySplits.Builder<ConsumerRecord<byte[], byte[]>>().build();
        }
        replayed.add(turn);
        return batch;
    }

    /** Kafka's consumer waits for nothing that it was not given. */
    private RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> untilWoken() {
        try {
            wakeups.acquire();
            wakeups.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new RecordsBySplits.Builder<ConsumerRecord<byte[], byte[]>>().build();
    }

    @Override
    public void wakeUp() {
        wakeups.release();
        super.wakeUp();
    }

    /**
     * What Kafka has at hand. The wakeup is only for this fetch: one that is pending ends the next as it begins, and with a
     * slow reader no fetch would ever bring anything.
     */
    private RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetchBriefly() throws IOException {
        AtomicBoolean waits = new AtomicBoolean(true);
        CompletableFuture.delayedExecutor(KAFKA_TURN.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (waits.get()) {
                        super.wakeUp();
                    }
                });
        try {
            return super.fetch();
        } finally {
            waits.set(false);
        }
    }

    /**
     * The table has no more of a partition: Kafka has the next offset, or the table has got it meanwhile.
     *
     * @throws IOException if neither has it, and that is not to be borne
     */
    private void goOver(Replayed read) throws IOException {
        if (isImport(read.split)) {
            requireWhole(read);
            LOGGER.info("{} is read, {} records", read.partition(), read.next);
            return;
        }
        long begin = begins(List.of(read.split)).getOrDefault(channel(read.split), 0L);
        if (read.next >= begin) {
            LOGGER.info("{} is read from Kafka from offset {} on", read.partition(), read.next);
            readFromKafka(List.of(new KafkaPartitionSplit(read.partition(), read.next)));
        } else if (read.hadRecords) {
            replay(read.split, read.next);
        } else if (lost == Lost.SKIP) {
            LOGGER.warn(
                    "offsets {} to {} of {} are lost: going on without them, as the configuration says (lost: skip)",
                    read.next,
                    begin - 1,
                    read.partition());
            readFromKafka(List.of(new KafkaPartitionSplit(read.partition(), begin)));
        } else {
            throw new IOException("offsets " + read.next + " to " + (begin - 1) + " of " + read.partition()
                    + " are neither in Kafka any more nor in the raw table: if a job that writes the table is about to"
                    + " commit them, this attempt's successor will find them; else they are lost, and lost: skip in the job's"
                    + " configuration goes on without them");
        }
    }

    /**
     * An import is one commit, and no Kafka has it.
     *
     * @throws IOException if the table has less of it than when the job was built, and that is not to be borne
     */
    private void requireWhole(Replayed read) throws IOException {
        long end = kept.imports().getOrDefault(read.partition(), Long.MAX_VALUE);
        if (read.next >= end) {
            return;
        }
        String what = "import " + read.partition() + " is not in the raw table "
                + (end == Long.MAX_VALUE
                        ? "any more"
                        : "beyond offset " + (read.next - 1) + ", and was to " + (end - 1));
        if (lost == Lost.REFUSE) {
            throw new IOException(what + ": if the warehouse was set back, set it forth again, else lost: skip in the"
                    + " job's configuration goes on with what was read of it");
        }
        LOGGER.warn("{}: going on with what was read of it, as the configuration says (lost: skip)", what);
    }

    private static boolean isImport(KafkaPartitionSplit split) {
        return Channels.isImport(split.getPartition());
    }

    private int channel(KafkaPartitionSplit split) {
        return channels.channel(split.getTopic(), split.getPartition());
    }

    /** By channel the first offset that Kafka still has. */
    @SuppressWarnings("IllegalCatch") // Whatever Kafka's admin throws: without an answer nothing can be read.
    private Map<Integer, Long> begins(List<KafkaPartitionSplit> splits) throws IOException {
        List<Integer> inKafka = splits.stream()
                .filter(split -> !isImport(split))
                .map(this::channel)
                .toList();
        if (inKafka.isEmpty()) {
            return Map.of();
        }
        try (TopicLog.Looker looker = topics.open()) {
            return looker.first(inKafka);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Kafka was asked what it still has of " + splits, e);
        } catch (Exception e) {
            throw new IOException("Kafka does not say what it still has of " + splits, e);
        }
    }

    /** Only shows progress; while something is read from the table, Kafka's tools are told nothing, and never of imports. */
    @Override
    public void notifyCheckpointComplete(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        Map<TopicPartition, OffsetAndMetadata> inKafka = new HashMap<>(offsets);
        inKafka.keySet().removeIf(partition -> Channels.isImport(partition.partition()));
        if (inKafka.isEmpty()) {
            callback.onComplete(inKafka, null);
        } else if (replayed.isEmpty()) {
            super.notifyCheckpointComplete(inKafka, callback);
        }
    }

    @Override
    public void close() throws Exception {
        for (Replayed open : replayed) {
            open.reading.close();
        }
        super.close();
    }
}
