package dev.tidewheel.historyjobs;

import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.exchange.AnswerFrames;
import dev.tidewheel.history.exchange.Parts;
import dev.tidewheel.history.exchange.ValueFile;
import dev.tidewheel.history.spill.Spilling;
import dev.tidewheel.history.values.Answers;
import dev.tidewheel.historyjobs.Steps.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the answers of all views of a range of ranks, and writes them side by side into the folder of the exchange. An
 * attempt that dies leaves a file that has no name yet; whoever tries again writes the same bytes.
 */
final class WriteValues extends AbstractStreamOperator<Void>
        implements OneInputStreamOperator<Dealt, Void>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    private final BatchOrder order;
    private final ClusterViews views;
    private final Steps steps;

    private transient List<ViewPlan> plans = List.of();
    private transient List<Answers> answers = List.of();
    private transient AnswerFrames.@Nullable Reader reader;

    WriteValues(BatchOrder order, ClusterViews views, Steps steps) {
        this.order = order;
        this.views = views;
        this.steps = steps;
    }

    @Override
    public void open() throws Exception {
        super.open();
        Spilling spilling = SlotMemory.of(getContainingTask().getEnvironment(), order);
        plans = new ArrayList<>();
        answers = new ArrayList<>();
        for (int view = 0; view < order.views(); view++) {
            ViewPlan plan = views.terms(view).plan();
            plans.add(plan);
            answers.add(new Answers(plan, count(), 1, spilling));
        }
        reader = new AnswerFrames.Reader(plans, first(part()));
    }

    @Override
    public void processElement(StreamRecord<Dealt> answered) throws Exception {
        Objects.requireNonNull(reader, "opened before").read(answered.getValue().frame(), answers);
    }

    @Override
    public void endInput() throws Exception {
        String attempt = getContainingTask().getEnvironment().getExecutionId().toString();
        List<Answers.Ranked> ranked = new ArrayList<>();
        for (Answers ofView : answers) {
            ranked.add(ofView.ranked());
        }
        try (ValueFile file = new ValueFile(order.folder(), part(), attempt, plans)) {
            for (long rank = 0; rank < count(); rank++) {
                file.write(next(ranked, rank));
                steps.reached(Step.WRITTEN);
            }
            file.complete();
        }
    }

    private int part() {
        return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    private long first(int part) {
        return Parts.firstRank(part, order.questions(), order.parts());
    }

    /** How many ranks are written here. */
    private long count() {
        return first(part() + 1) - first(part());
    }

    private static List<FeatureValues> next(List<Answers.Ranked> ranked, long rank) throws IOException {
        List<FeatureValues> values = new ArrayList<>(ranked.size());
        for (Answers.Ranked ofView : ranked) {
            values.add(ofView.next(rank));
        }
        return values;
    }

    @Override
    public void close() throws Exception {
        for (Answers ofView : answers) {
            ofView.close();
        }
        super.close();
    }
}
