package dev.tidewheel.monitoring.ingest;

import dev.tidewheel.monitoring.ingest.Completeness.Moment;
import dev.tidewheel.monitoring.label.LabelInput;
import dev.tidewheel.monitoring.log.EndOffsets;
import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.monitoring.log.Offsets;
import dev.tidewheel.monitoring.publish.Outgoing;
import dev.tidewheel.monitoring.window.CellUpdate;
import dev.tidewheel.records.ClockTick;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the four topics in one subtask. Counts inferences into partial windows, sends labels on, and makes the watermark:
 * T, once everything that was written before the clock came to T has been read ({@link Completeness}).
 *
 * <p>Partials leave when their window is complete and before every checkpoint barrier, so none is in this operator's
 * state. At a start, definitions are read to their end before anything is counted; after that, rows of a version whose
 * monitors or profile are not known yet wait until the next watermark, because the topics may be read in any order.
 *
 * <p>In story time moments are the clock's ticks; in wall time a timer makes one at each multiple of the progress
 * interval. Kafka is asked for its ends in the subtask's thread, within a deadline; without an answer the job restarts.
 */
public final class IngestOperator extends AbstractStreamOperator<CellUpdate>
        implements OneInputStreamOperator<LogRecord, CellUpdate> {
    private static final long serialVersionUID = 1L;
    private static final Logger OWN_LOG = LoggerFactory.getLogger(IngestOperator.class);

    /** Rows and labels for {@link dev.tidewheel.monitoring.label.LabelJoin}. */
    public static final OutputTag<LabelInput> LABELS = new OutputTag<>("labels", TypeInformation.of(LabelInput.class));
    /** Monitors and profiles, for those who judge. */
    public static final OutputTag<LogRecord> REFERENCES =
            new OutputTag<>("references", TypeInformation.of(LogRecord.class));
    /** Before each watermark, what it contains. */
    public static final OutputTag<Outgoing> FRONTIERS =
            new OutputTag<>("frontiers", TypeInformation.of(Outgoing.class));

    private final EndOffsets endOffsets;
    private final boolean story;
    private final long progressMillis;

    private transient EndOffsets.@Nullable Connection kafka;
    private transient Completeness completeness;
    private transient MonitoredModels models;
    private transient RowRouter router;
    private transient RecordSerde<ClockTick> ticks;
    private transient List<LogRecord> held;
    private transient @Nullable Offsets definitionsEnd;
    private transient long watermark;

    private transient ListState<LogRecord> heldState;
    private transient ListState<LogRecord> definitionsState;
    private transient ListState<long[]> progressState;

    /**
     * @param endOffsets asked whenever the clock has come to a new moment
     * @param story whether the clock is the topic, or the wall's
     * @param progressMillis moments are told apart by multiples of this
     */
    @SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else.
    public IngestOperator(EndOffsets endOffsets, boolean story, long progressMillis) {
        this.endOffsets = endOffsets;
        this.story = story;
        this.progressMillis = progressMillis;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        heldState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("held", TypeInformation.of(LogRecord.class)));
        definitionsState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("definitions", TypeInformation.of(LogRecord.class)));
        progressState = context.getOperatorStateStore()
                .getListState(
                        new ListStateDescriptor<>("progress", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
        completeness = new Completeness(progressMillis);
        models = new MonitoredModels();
        held = new ArrayList<>();
        watermark = Long.MIN_VALUE;
        if (context.isRestored()) {
            restore();
        }
    }

    private void restore() throws Exception {
        definitionsState.get().forEach(models::apply);
        heldState.get().forEach(held::add);
        List<long[]> numbers = new ArrayList<>();
        progressState.get().forEach(numbers::add);
        if (!numbers.isEmpty()) {
            watermark = numbers.get(0)[0];
            completeness.restore(numbers.get(1), numbers.get(2));
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        ticks = RecordSerde.of(ClockTick.class);
        router = new RowRouter(models, getMetricGroup().addGroup("tidewheel"));
        kafka = endOffsets.open();
        definitionsEnd = kafka.of(EnumSet.of(Log.DEFINITIONS));
        // Who judges may have been restored from before a definition that this subtask has, or not at all.
        models.records().stream()
                .filter(record -> MonitoredModels.isReference(MonitoredModels.key(record)))
                .forEach(record -> output.collect(REFERENCES, new StreamRecord<>(record)));
        if (watermark != Long.MIN_VALUE) {
            // The keyed operators do not remember it, and tell by it which revision comes next.
            output.emitWatermark(new Watermark(watermark));
        }
        if (!story) {
            missedMoments();
            nextTimer();
        }
        advance();
    }

    /** While the job was away, moments passed. Each is decided on its own, as if it had not been away. */
    private void missedMoments() {
        if (watermark != Long.MIN_VALUE) {
            long now = getProcessingTimeService().getCurrentProcessingTime();
            for (long at = (Math.floorDiv(watermark, progressMillis) + 1) * progressMillis;
                    at <= now;
                    at += progressMillis) {
                completeness.moment(new Moment(at, -1));
            }
        }
    }

    private void nextTimer() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        long next = (Math.floorDiv(now, progressMillis) + 1) * progressMillis;
        var unused = getProcessingTimeService().registerTimer(next, at -> {
            completeness.moment(new Moment(next, -1));
            nextTimer();
            advance();
        });
    }

    @Override
    public void processElement(StreamRecord<LogRecord> element) throws Exception {
        LogRecord record = element.getValue();
        completeness.read(record.log(), record.partition(), record.offset());
        switch (record.log()) {
            case DEFINITIONS -> define(record);
            case CLOCK -> tick(record);
            case INFERENCES, LABELS -> {
                if (definitionsEnd != null || !take(record, false)) {
                    held.add(record);
                }
            }
        }
        advance();
    }

    private void define(LogRecord record) {
        String key = MonitoredModels.key(record);
        if (models.apply(record)) {
            router.forgetPlans(this::emit);
        }
        if (MonitoredModels.isReference(key)) {
            output.collect(REFERENCES, new StreamRecord<>(record));
        }
    }

    private void tick(LogRecord record) {
        byte[] value = record.value();
        if (!story || value == null) {
            return;
        }
        try {
            completeness.moment(new Moment(ticks.decode(value).getNow(), record.offset() + 1));
        } catch (UnreadableRecordException e) {
            OWN_LOG.error("a tick of the clock cannot be read and is passed over (offset {})", record.offset(), e);
        }
    }

    /** Whether the record could be counted; always if it must be. */
    private boolean take(LogRecord record, boolean must) {
        return router.take(record, watermark, must, this::emit, this::emit);
    }

    private void emit(CellUpdate update) {
        output.collect(new StreamRecord<>(update));
    }

    private void emit(LabelInput input) {
        output.collect(LABELS, new StreamRecord<>(input));
    }

    private void advance() {
        if (definitionsEnd != null) {
            if (!completeness.read().cover(definitionsEnd)) {
                return;
            }
            definitionsEnd = null;
            retryHeld(false);
        }
        if (completeness.wantsEnds()) {
            completeness.ends(Objects.requireNonNull(kafka, "not open").of(Offsets.data()));
        }
        for (Moment moment = completeness.complete(); moment != null; moment = completeness.complete()) {
            complete(moment);
        }
        if (completeness.wantsEnds()) {
            advance();
        }
    }

    private void retryHeld(boolean must) {
        List<LogRecord> before = held;
        held = new ArrayList<>();
        for (LogRecord record : before) {
            if (!take(record, must)) {
                held.add(record);
            }
        }
    }

    private void complete(Moment moment) {
        retryHeld(true);
        router.flush(moment.now(), this::emit);
        Offsets offsets = completeness.read();
        if (moment.clockOffset() >= 0) {
            // Ticks that were read since are not contained.
            offsets.set(Log.CLOCK, 0, moment.clockOffset());
        }
        output.collect(FRONTIERS, new StreamRecord<>(Outgoing.frontier(moment.now(), offsets.toLongs())));
        watermark = Math.max(watermark, moment.now());
        output.emitWatermark(new Watermark(watermark));
    }

    /** Watermarks are made here, not taken from the source. */
    @Override
    public void processWatermark(Watermark ignored) {}

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        router.flush(Long.MAX_VALUE, this::emit);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        heldState.update(held);
        definitionsState.update(new ArrayList<>(models.records()));
        progressState.update(List.of(new long[] {watermark}, completeness.read().toLongs(), completeness.moments()));
    }

    @Override
    public void close() throws Exception {
        if (kafka != null) {
            kafka.close();
        }
        super.close();
    }
}
