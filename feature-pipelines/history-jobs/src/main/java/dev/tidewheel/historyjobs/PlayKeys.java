package dev.tidewheel.historyjobs;

import dev.tidewheel.history.exchange.AnswerFrames;
import dev.tidewheel.history.exchange.ChangeFrameReader;
import dev.tidewheel.history.exchange.Frames;
import dev.tidewheel.history.exchange.QuestionFrames;
import dev.tidewheel.history.values.ViewPart;
import dev.tidewheel.history.values.ViewPart.Terms;
import dev.tidewheel.historyjobs.Steps.Step;
import java.util.Objects;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.InputSelectable;
import org.apache.flink.streaming.api.operators.InputSelection;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Plays the keys of one view that were dealt to this subtask: takes all questions, then all changes, then deals out the
 * answers by rank. Sorting is {@link ViewPart}'s, not Flink's: it orders by more than a key and a time, finds repeated ids
 * before a key begins, and is the same as in one process.
 */
final class PlayKeys extends AbstractStreamOperator<Dealt>
        implements TwoInputStreamOperator<Dealt, Dealt, Dealt>, BoundedMultiInput, InputSelectable {
    private static final long serialVersionUID = 1L;
    private static final int QUESTIONS = 1;

    private final BatchOrder order;
    private final ClusterViews views;
    private final int view;
    private final Steps steps;

    private transient @Nullable ViewPart part;
    private transient @Nullable ChangeFrameReader changes;
    private transient boolean allAsked;

    PlayKeys(BatchOrder order, ClusterViews views, int view, Steps steps) {
        this.order = order;
        this.views = views;
        this.view = view;
        this.steps = steps;
    }

    @Override
    public void open() throws Exception {
        super.open();
        Terms terms = views.terms(view);
        changes = new ChangeFrameReader(terms, ViewPart.filter(terms, order.moments()));
        part = new ViewPart(
                terms,
                order.moments(),
                order.delayMillis(),
                SlotMemory.of(getContainingTask().getEnvironment(), order));
    }

    /** Changes of a key that nobody asked about are not kept, so the questions come first. */
    @Override
    public InputSelection nextSelection() {
        return allAsked ? InputSelection.SECOND : InputSelection.FIRST;
    }

    @Override
    public void processElement1(StreamRecord<Dealt> asked) throws Exception {
        QuestionFrames.read(asked.getValue().frame(), part());
    }

    @Override
    public void processElement2(StreamRecord<Dealt> changed) throws Exception {
        part().take(Objects.requireNonNull(changes, "opened before")
                .read(changed.getValue().frame()));
    }

    @Override
    public void endInput(int input) throws Exception {
        if (input == QUESTIONS) {
            allAsked = true;
        } else {
            Frames frames =
                    new Frames(order.parts(), (to, frame) -> output.collect(new StreamRecord<>(new Dealt(to, frame))));
            AnswerFrames answers = new AnswerFrames(view, views.terms(view).plan(), order.questions(), frames);
            part().answer((rank, values) -> {
                answers.answer(rank, values);
                steps.reached(Step.ANSWERED);
            });
            frames.flush();
        }
    }

    private ViewPart part() {
        return Objects.requireNonNull(part, "opened before");
    }

    @Override
    public void close() throws Exception {
        if (part != null) {
            part.close();
        }
        super.close();
    }
}
