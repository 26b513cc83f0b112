package dev.tidewheel.monitoring.label;

import dev.tidewheel.monitoring.label.LabelInput.Kind;
import dev.tidewheel.monitoring.window.Cell;
import dev.tidewheel.monitoring.window.CellUpdate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Joins labels to scored rows by (model, request id, row). A label counts from its knownTime on, whenever it was read: it
 * waits for the watermark, so the state of a window at a moment is the same in every run. The label of the greatest
 * knownTime is in force (of equal ones, the later in the topic); a correction takes its predecessor back. A row that was
 * scored by several versions, or logged several times, is labelled as often.
 *
 * <p>A label may come before its row. Both are kept until the last monitor's deadline has passed; a label that met no row
 * until then is counted as unassigned in the window of its knownTime.
 */
public final class LabelJoin extends KeyedProcessFunction<String, LabelInput, CellUpdate> {
    private static final long serialVersionUID = 1L;

    private transient ListState<LabelInput> asked;
    private transient ListState<LabelInput> waiting;
    private transient ValueState<LabelInput> inForce;
    private transient ValueState<Long> keepUntil;

    @SuppressWarnings("NullAway.Init") // Flink calls open before anything else.
    public LabelJoin() {}

    @Override
    public void open(OpenContext context) {
        TypeInformation<LabelInput> input = TypeInformation.of(LabelInput.class);
        asked = getRuntimeContext().getListState(new ListStateDescriptor<>("asked", input));
        waiting = getRuntimeContext().getListState(new ListStateDescriptor<>("waiting-labels", input));
        inForce = getRuntimeContext().getState(new ValueStateDescriptor<>("label-in-force", input));
        keepUntil = getRuntimeContext().getState(new ValueStateDescriptor<>("keep-until", Types.LONG));
    }

    @Override
    public void processElement(LabelInput input, Context context, Collector<CellUpdate> out) throws Exception {
        keep(input.keepUntil(), context);
        if (input.kind() == Kind.ASKED) {
            asked.add(input);
            LabelInput label = inForce.value();
            if (label != null) {
                emit(input, label, CellUpdate.Kind.LABELLED, Math.max(label.knownTime(), input.knownTime()), out);
            }
        } else if (input.knownTime() <= context.timerService().currentWatermark()) {
            apply(input, out);
        } else {
            waiting.add(input);
            context.timerService().registerEventTimeTimer(input.knownTime());
        }
    }

    private void keep(long until, Context context) throws Exception {
        Long before = keepUntil.value();
        if (before == null || until > before) {
            if (before != null) {
                context.timerService().deleteEventTimeTimer(before);
            }
            keepUntil.update(until);
            context.timerService().registerEventTimeTimer(until);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<CellUpdate> out) throws Exception {
        applyKnown(timestamp, out);
        Long until = keepUntil.value();
        if (until != null && until <= timestamp) {
            forget(until, out);
        }
    }

    private void applyKnown(long now, Collector<CellUpdate> out) throws Exception {
        List<LabelInput> known = new ArrayList<>();
        List<LabelInput> later = new ArrayList<>();
        for (LabelInput label : waiting.get()) {
            (label.knownTime() <= now ? known : later).add(label);
        }
        if (!known.isEmpty()) {
            waiting.update(later);
            known.sort(Comparator.comparingLong(LabelInput::knownTime));
            for (LabelInput label : known) {
                apply(label, out);
            }
        }
    }

    private void apply(LabelInput label, Collector<CellUpdate> out) throws Exception {
        LabelInput before = inForce.value();
        if (before != null && before.knownTime() > label.knownTime()) {
            return;
        }
        inForce.update(label);
        if (before != null && before.value() == label.value()) {
            return;
        }
        for (LabelInput row : asked.get()) {
            if (before != null) {
                emit(row, before, CellUpdate.Kind.UNLABELLED, label.knownTime(), out);
            }
            emit(row, label, CellUpdate.Kind.LABELLED, label.knownTime(), out);
        }
    }

    private static void emit(
            LabelInput row, LabelInput label, CellUpdate.Kind kind, long at, Collector<CellUpdate> out) {
        for (int i = 0; i < row.monitors().length; i++) {
            for (String feature : List.of(Cell.LABEL, Cell.PERFORMANCE)) {
                out.collect(CellUpdate.label(
                        new Cell(row.monitors()[i], row.model(), row.version(), feature, row.segments()[i]),
                        row.windowStarts()[i],
                        row.windowEnds()[i],
                        kind,
                        row.value(),
                        label.value(),
                        at));
            }
        }
    }

    private void forget(long at, Collector<CellUpdate> out) throws Exception {
        LabelInput label = unmatched();
        if (label != null) {
            for (int i = 0; i < label.monitors().length; i++) {
                out.collect(CellUpdate.unassigned(
                        new Cell(label.monitors()[i], label.model(), Cell.NO_VERSION, Cell.LABEL, label.segments()[i]),
                        label.windowStarts()[i],
                        label.windowEnds()[i],
                        at));
            }
        }
        asked.clear();
        waiting.clear();
        inForce.clear();
        keepUntil.clear();
    }

    private @Nullable LabelInput unmatched() throws Exception {
        return asked.get().iterator().hasNext() ? null : inForce.value();
    }
}
