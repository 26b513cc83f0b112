package dev.tidewheel.monitoring.publish;

import dev.tidewheel.monitoring.log.Offsets;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.runtime.kafka.RecordSerde;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Holds what comes until the watermark says that nothing more does, sorts it, sends it, waits for Kafka, and only then
 * says by a frontier what it contains: whoever waits for a frontier finds everything that follows from it. After a restore
 * the same records are sent again, in the same order. Passes metric rows on, for the table.
 */
public final class Publisher extends AbstractStreamOperator<Outgoing>
        implements OneInputStreamOperator<Outgoing, Outgoing> {
    private static final long serialVersionUID = 1L;

    /** {@link Frontier#getJob()} of this job. */
    public static final String JOB = "monitoring";
    /** {@link Frontier#getStage()} of this job. */
    public static final String STAGE = "monitor";

    private static final int LAST_KEY_GROUP = 127;

    private final PublishConnector connector;

    private transient PublishConnector.@Nullable Connection connection;
    private transient List<Outgoing> waiting;
    private transient RecordSerde<Frontier> frontiers;
    private transient NewestWindows newest;
    private transient long attempt;
    private transient long flushes;
    private transient ListState<Outgoing> waitingState;
    private transient ListState<Long> attemptState;

    @SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else.
    public Publisher(PublishConnector connector) {
        this.connector = connector;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        waitingState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("waiting", TypeInformation.of(Outgoing.class)));
        attemptState = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("attempt", Types.LONG));
        waiting = new ArrayList<>();
        waitingState.get().forEach(waiting::add);
        attempt = 0;
        for (long before : attemptState.get()) {
            attempt = Math.max(attempt, before + 1);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        long now = getProcessingTimeService().getCurrentProcessingTime();
        attempt = Math.max(attempt, (now << 20) | ThreadLocalRandom.current().nextInt(1 << 20));
        flushes = 0;
        frontiers = RecordSerde.of(Frontier.class);
        newest = new NewestWindows(getMetricGroup().addGroup("tidewheel").addGroup("monitoring"));
        connection = connector.open();
    }

    @Override
    public void processElement(StreamRecord<Outgoing> element) {
        waiting.add(element.getValue());
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        PublishConnector.Connection open = Objects.requireNonNull(connection, "not open");
        waiting.sort(Outgoing.ORDER);
        Outgoing frontier = null;
        List<Outgoing> ahead = new ArrayList<>();
        for (Outgoing each : waiting) {
            if (each.kind() == Outgoing.Kind.FRONTIER && each.windowEnd() > mark.getTimestamp()) {
                // It came by a shorter way than the results that it speaks of.
                ahead.add(each);
            } else if (each.kind() == Outgoing.Kind.FRONTIER) {
                frontier = each;
            } else {
                open.send(PublishConnector.topic(each.kind()), each.key(), each.value());
            }
        }
        open.flush();
        if (frontier != null) {
            byte[] value = frontiers.encode(frontier(frontier));
            open.send(PublishConnector.topic(Outgoing.Kind.FRONTIER), JOB + "/" + STAGE + "/0", value);
            open.flush();
        }
        for (Outgoing each : waiting) {
            if (each.kind() == Outgoing.Kind.METRIC) {
                newest.published(each);
                output.collect(new StreamRecord<>(each));
            }
        }
        waiting = ahead;
        super.processWatermark(mark);
    }

    private Frontier frontier(Outgoing read) {
        List<PartitionFrontier> partitions = new ArrayList<>();
        Offsets.of(read.offsets())
                .asMap()
                .forEach((place, next) ->
                        partitions.add(new PartitionFrontier(place.log().topic(), place.partition(), next)));
        flushes++;
        return Frontier.newBuilder()
                .setJob(JOB)
                .setStage(STAGE)
                .setViews(List.of())
                .setAttempt(attempt)
                .setSubtask(0)
                .setParallelism(1)
                .setFirstKeyGroup(0)
                .setLastKeyGroup(LAST_KEY_GROUP)
                .setFlush(flushes)
                .setPhase(FrontierPhase.ACKNOWLEDGED)
                .setPartitions(partitions)
                .setKeysWritten((int) waiting.stream()
                        .filter(each -> each.kind() != Outgoing.Kind.FRONTIER)
                        .count())
                .build();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        waitingState.update(waiting);
        attemptState.update(List.of(attempt));
    }

    @Override
    public void close() throws Exception {
        if (connection != null) {
            connection.close();
        }
        super.close();
    }
}
