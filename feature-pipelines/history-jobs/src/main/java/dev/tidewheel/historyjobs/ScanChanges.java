package dev.tidewheel.historyjobs;

import dev.tidewheel.history.exchange.ChangeFrames;
import dev.tidewheel.history.exchange.Frames;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.values.AskedKeys;
import dev.tidewheel.history.values.ViewPart;
import dev.tidewheel.history.values.ViewPart.Terms;
import dev.tidewheel.historyjobs.ClusterViews.OpenScan;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Reads shares of the changes of one view, and deals them out by key. */
final class ScanChanges extends RichFlatMapFunction<Long, Dealt> {
    private static final long serialVersionUID = 1L;

    private final BatchOrder order;
    private final ClusterViews views;
    private final int view;
    private final int shares;

    private transient @Nullable Terms terms;
    private transient @Nullable AskedKeys asked;
    private transient @Nullable OpenScan open;

    ScanChanges(BatchOrder order, ClusterViews views, int view, int shares) {
        this.order = order;
        this.views = views;
        this.view = view;
        this.shares = shares;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        terms = views.terms(view);
        asked = AskedKeys.read(order.folder().askedKeys(view));
    }

    @Override
    public void flatMap(Long share, Collector<Dealt> out) throws Exception {
        if (open == null) {
            open = views.open(view); // Not by a subtask that reads nothing: some histories are held whole.
        }
        Terms known = Objects.requireNonNull(terms, "opened before");
        ScanFilter filter = ViewPart.filter(known, order.moments());
        Frames frames = new Frames(order.parts(), (to, frame) -> out.collect(new Dealt(to, frame)));
        ChangeFrames changes = new ChangeFrames(known, filter, Objects.requireNonNull(asked, "opened before"), frames);
        open.scan().scan(filter, new Share(share.intValue(), shares), changes);
        frames.flush();
    }

    @Override
    public void close() throws Exception {
        if (open != null) {
            open.close();
        }
    }
}
