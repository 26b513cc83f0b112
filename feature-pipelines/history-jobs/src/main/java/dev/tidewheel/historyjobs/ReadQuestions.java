package dev.tidewheel.historyjobs;

import dev.tidewheel.history.exchange.Frames;
import dev.tidewheel.history.exchange.QuestionFiles;
import dev.tidewheel.history.exchange.QuestionFrames;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Reads files of questions, and deals out what one view is asked by key. */
final class ReadQuestions implements FlatMapFunction<Long, Dealt> {
    private static final long serialVersionUID = 1L;

    private final BatchOrder order;
    private final int view;

    ReadQuestions(BatchOrder order, int view) {
        this.order = order;
        this.view = view;
    }

    @Override
    public void flatMap(Long file, Collector<Dealt> out) throws Exception {
        Frames frames = new Frames(order.parts(), (to, frame) -> out.collect(new Dealt(to, frame)));
        QuestionFrames questions = new QuestionFrames(frames);
        QuestionFiles.read(order.folder(), file.intValue(), order.views(), view, questions::ask);
        frames.flush();
    }
}
