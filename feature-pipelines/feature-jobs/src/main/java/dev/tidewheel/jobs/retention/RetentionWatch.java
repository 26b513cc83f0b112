package dev.tidewheel.jobs.retention;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.source.SourceRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how old the newest completed checkpoint is, and how far the offsets in it are from what Kafka has deleted: a
 * job that is away for longer than that cannot be restored without a gap. Under {@code tidewheel.source.<source>}:
 * {@code checkpointAgeSeconds}, and per partition {@code retentionHeadroomSeconds} and {@code retentionHeadroomRecords}.
 *
 * <p>Stands in the source's chain, sees every record and emits nothing. Kafka is asked now and then, in a thread of its
 * own; while it does not answer, the last answer counts. Before the first checkpoint of an attempt is complete the age is
 * that of the attempt, and there is no headroom to tell.
 */
public final class RetentionWatch extends AbstractStreamOperator<Refusal>
        implements OneInputStreamOperator<SourceRecord, Refusal> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = LoggerFactory.getLogger(RetentionWatch.class);
    /** Between two questions. Retentions are hours and days. */
    static final Duration INTERVAL = Duration.ofMinutes(1);

    /** What a checkpoint contains, and when it was taken. */
    private record Taken(long at, Positions positions) {}

    private final String source;
    private final Channels channels;
    private final TopicLog topics;

    private transient Positions read = new Positions();
    private transient TreeMap<Long, Taken> open = new TreeMap<>();
    private transient Set<Integer> shown = new HashSet<>();
    private transient volatile @Nullable Taken completed;
    private transient volatile TopicLog.@Nullable Ends ends;
    private transient @Nullable ExecutorService asking;
    private transient TopicLog.@Nullable Looker looker;
    private transient long openedAt;

    /**
     * @param source the source's name, with its cohort's suffix, for the metrics
     * @param channels of the source's topics
     * @param topics knows them
     */
    public RetentionWatch(String source, Channels channels, TopicLog topics) {
        this.source = source;
        this.channels = channels;
        this.topics = topics;
    }

    @Override
    public void open() throws Exception {
        super.open();
        read = new Positions();
        open = new TreeMap<>();
        shown = new HashSet<>();
        openedAt = now();
        ExecutorService started = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "retention-" + source);
            thread.setDaemon(true);
            return thread;
        });
        asking = started;
        group().gauge("checkpointAgeSeconds", this::checkpointAgeSeconds);
        var unused = getProcessingTimeService()
                .scheduleWithFixedDelay(at -> started.execute(this::look), INTERVAL.toMillis(), INTERVAL.toMillis());
    }

    private MetricGroup group() {
        return getMetricGroup().addGroup("tidewheel").addGroup("source", source);
    }

    @Override
    public void processElement(StreamRecord<SourceRecord> element) {
        SourceRecord record = element.getValue();
        if (!Channels.isImport(channels.partition(record.partition()))) {
            read.read(record.partition(), record.offset(), record.timestamp());
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        open.put(context.getCheckpointId(), new Taken(now(), read.copy()));
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        Taken taken = open.remove(checkpointId);
        open.headMap(checkpointId).clear();
        if (taken != null) {
            completed = taken;
            taken.positions().channels().stream().filter(shown::add).forEach(this::show);
        }
    }

    private void show(int channel) {
        MetricGroup ofPartition = group().addGroup("partition", channels.name(channel));
        ofPartition.gauge("retentionHeadroomSeconds", () -> headroom(channel, Headroom::seconds));
        ofPartition.gauge("retentionHeadroomRecords", () -> headroom(channel, Headroom::records));
    }

    /** Age of what a failure now would restore. */
    double checkpointAgeSeconds() {
        Taken newest = completed;
        return (now() - (newest == null ? openedAt : newest.at())) / 1_000.0;
    }

    /** NaN while Kafka has not answered yet. */
    double headroom(int channel, ToDoubleFunction<Headroom> part) {
        Taken newest = completed;
        TopicLog.Ends known = ends;
        if (newest == null || known == null || !newest.positions().isRead(channel)) {
            return Double.NaN;
        }
        Positions positions = newest.positions();
        return part.applyAsDouble(
                Headroom.of(positions.nextOffset(channel), positions.timestamp(channel), known, channel, now()));
    }

    /** In the asking thread. */
    @SuppressWarnings("IllegalCatch") // Whatever stands in the way now may not the next time; metrics stop no job.
    private void look() {
        Taken newest = completed;
        if (newest == null) {
            return;
        }
        try {
            TopicLog.Looker opened = looker;
            if (opened == null) {
                opened = topics.open();
                looker = opened;
            }
            ends = opened.look(newest.positions().channels());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOGGER.warn("source {}: how long its records are kept is not known now", source, e);
        }
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void close() throws Exception {
        ExecutorService started = asking;
        if (started != null) {
            started.execute(this::closeLooker);
            started.shutdown();
        }
        super.close();
    }

    private void closeLooker() {
        TopicLog.Looker opened = looker;
        if (opened != null) {
            opened.close();
        }
    }
}
