package dev.tidewheel.jobs.chain;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Gives each record of a changelog its Kafka timestamp: the time up to which the topic is complete for good. No record that
 * became visible before it will ever follow, from any subtask, in any attempt: it is the watermark at the last checkpoint
 * that was confirmed, and whatever dies goes back no further than that.
 *
 * <p>So readers may free what they remember by these timestamps. By the records' own known times they must not: subtasks are
 * not equally far, and after a crash records are told again.
 *
 * <p>Stands behind a shuffle, so that its watermark is that of all tellers.
 */
public final class Completeness extends AbstractStreamOperator<ToldRecord>
        implements OneInputStreamOperator<ToldRecord, ToldRecord> {
    private static final long serialVersionUID = 1L;
    /** Where nothing is known to be complete; Kafka refuses negative timestamps. */
    private static final long UNKNOWN = 0;

    private final String view;

    private transient long watermark;
    private transient long complete;
    private transient TreeMap<Long, Long> unconfirmed = new TreeMap<>();
    private transient @Nullable ListState<Long> saved;

    /** @param view the upstream's name, for metrics */
    public Completeness(String view) {
        this.view = view;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        ListState<Long> state =
                context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("complete", Types.LONG));
        saved = state;
        unconfirmed = new TreeMap<>();
        long least = Long.MAX_VALUE;
        for (long each : state.get()) {
            least = Math.min(least, each);
        }
        complete = least == Long.MAX_VALUE ? UNKNOWN : least;
        watermark = complete;
    }

    @Override
    public void open() throws Exception {
        super.open();
        getMetricGroup().addGroup("tidewheel").addGroup("chain", view).gauge("completeThrough", () -> complete);
    }

    @Override
    public void processElement(StreamRecord<ToldRecord> element) {
        output.collect(element.replace(element.getValue(), complete));
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        watermark = Math.max(watermark, mark.getTimestamp());
        super.processWatermark(mark);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        unconfirmed.put(context.getCheckpointId(), watermark);
        Objects.requireNonNull(saved, "not initialised").update(List.of(watermark));
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        Map.Entry<Long, Long> confirmed = unconfirmed.floorEntry(checkpointId);
        if (confirmed != null) {
            complete = Math.max(complete, confirmed.getValue());
            unconfirmed.headMap(checkpointId, true).clear();
        }
    }
}
