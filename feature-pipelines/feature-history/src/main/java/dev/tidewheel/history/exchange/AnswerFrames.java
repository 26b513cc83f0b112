package dev.tidewheel.history.exchange;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.values.Answers;
import java.io.IOException;
import java.util.List;

/** Deals out the answers of views by their ranks. A frame is answer after answer: the view's number, rank, values. */
public final class AnswerFrames {
    private final int view;
    private final ValueBytes values;
    private final long ranks;
    private final Frames to;

    /**
     * @param view its number among the views that are asked
     * @param ranks how many there are
     */
    public AnswerFrames(int view, ViewPlan plan, long ranks, Frames to) {
        this.view = view;
        this.values = new ValueBytes(plan.features());
        this.ranks = ranks;
        this.to = to;
    }

    public void answer(long rank, FeatureValues answer) throws IOException {
        int part = Parts.ofRank(rank, ranks, to.count());
        ByteWriter frame = to.of(part);
        frame.writeUnsigned(view);
        frame.writeUnsigned(rank);
        values.write(answer, frame);
        to.written(part);
    }

    /** Reads frames. Not thread-safe. */
    public static final class Reader {
        private final List<ValueBytes> views;
        private final long first;

        /** @param first of the ranks that are read */
        public Reader(List<ViewPlan> plans, long first) {
            this.first = first;
            this.views =
                    plans.stream().map(plan -> new ValueBytes(plan.features())).toList();
        }

        /** Adds the answers of a frame to those of their views, the first rank as 0. */
        public void read(byte[] frame, List<Answers> to) throws IOException {
            ByteReader bytes = new ByteReader(frame);
            while (bytes.position() < frame.length) {
                int view = (int) bytes.readUnsigned();
                long rank = bytes.readUnsigned();
                to.get(view).add(0, rank - first, views.get(view).read(bytes));
            }
        }
    }
}
