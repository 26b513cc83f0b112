package dev.tidewheel.jobs.chain;

import dev.tidewheel.feature.chain.Changelog;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.KeyedChange;
import dev.tidewheel.jobs.route.RoutedChange;
import dev.tidewheel.jobs.tile.FlinkIds;
import dev.tidewheel.jobs.tile.SeenIds;
import dev.tidewheel.jobs.tile.Sighting;
import dev.tidewheel.records.DeadLetterReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Tells the changelog of a view: a {@link Changelog} per key in keyed state, and a timer at the first moment that waits in
 * it. When the watermark has passed that moment, all that became visible at it is told; over all keys of a subtask in the
 * order of visibility.
 *
 * <p>A watermark w says that nothing known before w is still to come, so what became visible by w − 1 can be told. What
 * comes behind that is a dead letter: the record that it belongs into has been told. Changes that the view refuses are told
 * of nowhere; the job that serves the view has written their letters.
 *
 * <p>After a restore the watermark begins anew. What it was at the checkpoint still holds, and is saved for that.
 *
 * <p>Between checkpoints the keys that changed are held decoded, at most {@value #MOST_OPEN}.
 */
public final class ChainOperator extends AbstractStreamOperator<ToldRecord>
        implements OneInputStreamOperator<KeyedChange, ToldRecord>, Triggerable<String, Long> {
    private static final long serialVersionUID = 1L;
    private static final int MOST_OPEN = 2_000;

    /** What came behind the watermark. */
    public static final OutputTag<Refusal> REFUSALS = new OutputTag<>("behind", TypeInformation.of(Refusal.class));

    private final ChainSpec spec;

    private transient @Nullable Opened opened;
    private transient Map<String, Changelog> changed = new HashMap<>();
    private transient long watermark;
    private transient @Nullable ListState<Long> savedWatermark;

    /** What exists once the operator is open. */
    private record Opened(
            ViewPlan plan,
            ChangelogAvro avro,
            ValueState<byte[]> state,
            InternalTimerService<VoidNamespace> due,
            SeenIds seen,
            Counter told,
            Counter behind) {}

    public ChainOperator(ChainSpec spec) {
        this.spec = spec;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        ListState<Long> saved =
                context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("watermark", Types.LONG));
        savedWatermark = saved;
        changed = new HashMap<>();
        long least = Long.MAX_VALUE;
        for (long each : saved.get()) {
            least = Math.min(least, each);
        }
        watermark = least == Long.MAX_VALUE ? Long.MIN_VALUE : least;
    }

    @Override
    public void open() throws Exception {
        super.open();
        ViewPlan plan = spec.plan().get();
        MetricGroup group = getMetricGroup().addGroup("tidewheel").addGroup("chain", spec.view());
        FlinkIds ids = new FlinkIds(
                getKeyedStateBackend(), getInternalTimerService("seen-ids", LongSerializer.INSTANCE, this));
        opened = new Opened(
                plan,
                new ChangelogAvro(new Changelog(plan).records().schema()),
                getKeyedStateBackend()
                        .getPartitionedState(
                                VoidNamespace.INSTANCE,
                                VoidNamespaceSerializer.INSTANCE,
                                new ValueStateDescriptor<>(
                                        "changelog", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)),
                getInternalTimerService("due", VoidNamespaceSerializer.INSTANCE, new Due()),
                new SeenIds(ids, spec.horizonMillis()),
                group.counter("told"),
                group.counter("behind"));
    }

    private Opened opened() {
        return Objects.requireNonNull(opened, "not open");
    }

    @Override
    public void processElement(StreamRecord<KeyedChange> element) throws Exception {
        String key = element.getValue().key();
        RoutedChange routed = element.getValue().change();
        Change change = routed.change();
        // As the stage that serves the view: what is late is late, whatever is remembered.
        boolean remembers = declaresId(routed) && !change.isLate(spec.horizonMillis());
        Sighting before = remembers ? opened().seen().find(change) : null;
        if (remembers && before == null && opened().seen().isFreed(change.eventTime(), watermark)) {
            refuse(key, routed);
            return;
        }
        Changelog changelog = changelog(key);
        if (watermark != Long.MIN_VALUE) {
            tell(key, changelog, watermark - 1); // Nothing; but now it knows what is behind.
        }
        switch (changelog.offer(change, before != null)) {
            case REFUSED -> {}
            case BEHIND -> refuse(key, routed);
            case TAKEN -> {
                if (remembers) {
                    opened().seen().remember(change, before, List.of());
                }
                awaitFirst(changelog);
            }
        }
        saveIfMany();
    }

    private boolean declaresId(RoutedChange change) {
        return spec.origin().declaresIds().get(spec.origin().channels().place(change.partition()));
    }

    /** The current key's. */
    private Changelog changelog(String key) throws Exception {
        Changelog changelog = changed.get(key);
        if (changelog == null) {
            byte[] bytes = opened().state().value();
            changelog = bytes == null ? new Changelog(opened().plan()) : Changelog.decode(opened().plan(), bytes);
            changed.put(key, changelog);
        }
        return changelog;
    }

    private void tell(String key, Changelog changelog, long through) {
        for (Change told : changelog.advance(Math.max(through, changelog.watermark()))) {
            opened().told().inc();
            output.collect(
                    new StreamRecord<>(new ToldRecord(key, opened().avro().encode(told.row()))));
        }
    }

    private void awaitFirst(Changelog changelog) {
        changelog.firstVisibleAt().ifPresent(visibleAt -> {
            if (visibleAt < Long.MAX_VALUE) {
                opened().due().registerEventTimeTimer(VoidNamespace.INSTANCE, visibleAt + 1);
            }
        });
    }

    /** Something that waits in the timer's key has become due. */
    private final class Due implements Triggerable<String, VoidNamespace> {
        @Override
        public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
            Changelog changelog = changelog(timer.getKey());
            tell(timer.getKey(), changelog, timer.getTimestamp() - 1);
            awaitFirst(changelog);
            saveIfMany();
        }

        @Override
        public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
            throw new IllegalStateException("no such timer is registered");
        }
    }

    private void refuse(String key, RoutedChange change) {
        opened().behind().inc();
        Refusal refusal = new Refusal(
                change.partition(),
                change.offset(),
                change.timestamp(),
                "changelog/" + spec.view() + (change.retraction() ? Refusal.BEFORE : ""),
                null,
                DeadLetterReason.STATE_FREED,
                "visible at " + change.change().visibleAt() + ", the watermark is " + watermark
                        + ": the record that it belongs into has been told; views that are chained to " + spec.view()
                        + " do not have it",
                key,
                change.eventTime(),
                change.knownTime(),
                null,
                null);
        output.collect(REFUSALS, new StreamRecord<>(refusal));
    }

    private void saveIfMany() throws Exception {
        if (changed.size() >= MOST_OPEN) {
            save();
        }
    }

    private void save() throws Exception {
        for (Map.Entry<String, Changelog> each : changed.entrySet()) {
            getKeyedStateBackend().setCurrentKey(each.getKey());
            opened().state().update(each.getValue().encode());
        }
        changed.clear();
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        super.processWatermark(mark); // Timers tell what is due.
        watermark = Math.max(watermark, mark.getTimestamp());
    }

    @Override
    public void onEventTime(InternalTimer<String, Long> timer) throws Exception {
        opened().seen().free(timer.getNamespace());
    }

    @Override
    public void onProcessingTime(InternalTimer<String, Long> timer) {
        throw new IllegalStateException("no such timer is registered");
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        save();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        Objects.requireNonNull(savedWatermark, "not initialised").update(List.of(watermark));
    }
}
