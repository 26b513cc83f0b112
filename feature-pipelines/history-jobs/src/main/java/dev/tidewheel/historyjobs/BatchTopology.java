package dev.tidewheel.historyjobs;

import dev.tidewheel.history.exchange.QuestionFiles;
import java.io.IOException;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The graph of a batch. For each view its changes and questions meet by key and are played; the answers of all views meet by
 * rank and are written, one file a subtask.
 */
final class BatchTopology {
    /** So that a subtask which has small files gets more of them. */
    private static final int SHARES_PER_SUBTASK = 4;

    private final StreamExecutionEnvironment environment;
    private final BatchOrder order;
    private final ClusterViews views;
    private final Steps steps;

    /**
     * @param environment has the settings of {@link BatchSettings}
     * @param steps told of what tasks do
     */
    BatchTopology(StreamExecutionEnvironment environment, BatchOrder order, ClusterViews views, Steps steps) {
        this.environment = environment;
        this.order = order;
        this.views = views;
        this.steps = steps;
    }

    void build() throws IOException {
        DataStream<Dealt> answers = played(0);
        for (int view = 1; view < order.views(); view++) {
            answers = answers.union(played(view));
        }
        Dealt.out(answers)
                .transform("write values", Types.VOID, new WriteValues(order, views, steps))
                .setParallelism(order.parts())
                .sinkTo(new DiscardingSink<>())
                .setParallelism(order.parts());
    }

    private DataStream<Dealt> played(int view) throws IOException {
        int shares = views.isHeld(view) ? 1 : SHARES_PER_SUBTASK * order.parts();
        DataStream<Dealt> changes =
                read("changes of view " + view, shares, new ScanChanges(order, views, view, shares));
        DataStream<Dealt> questions = read(
                "questions to view " + view, QuestionFiles.files(order.questions()), new ReadQuestions(order, view));
        return Dealt.out(questions)
                .connect(Dealt.out(changes))
                .transform("play view " + view, Dealt.TYPE, new PlayKeys(order, views, view, steps))
                .setParallelism(order.parts());
    }

    /** Numbers from 0, each of which is something to read. */
    private DataStream<Dealt> read(String what, int count, FlatMapFunction<Long, Dealt> reader) {
        int subtasks = Math.min(count, order.parts());
        return environment
                .fromSequence(0, count - 1)
                .setParallelism(subtasks)
                .flatMap(reader)
                .returns(Dealt.TYPE)
                .name("read " + what)
                .setParallelism(subtasks);
    }
}
