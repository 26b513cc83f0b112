package dev.tidewheel.history.explain;

import dev.tidewheel.feature.replay.StatePlayer;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.Explanation;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.history.explain.ServedExplanation.Event;
import dev.tidewheel.history.explain.ServedExplanation.Feature;
import dev.tidewheel.history.explain.ServedExplanation.Part;
import dev.tidewheel.history.explain.ServedExplanation.Value;
import dev.tidewheel.history.explain.ServedExplanation.View;
import dev.tidewheel.history.oracle.KeyOracle;
import dev.tidewheel.history.oracle.ViewOracle;
import dev.tidewheel.history.served.Cut;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.served.SameBits;
import dev.tidewheel.history.served.ServedVector;
import dev.tidewheel.history.served.ValueText;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Position;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.ViewCut;
import dev.tidewheel.runtime.erase.ErasedInferences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Takes a served prediction apart: value, tiles, events with topic, partition and offset. Everything is recomputed from
 * the raw rows inside the cut that was served, by the oracle for the value and by {@link KeyState} for the tiles.
 * Immutable and thread-safe.
 */
public final class Explain {
    private static final int NEWEST_EVENTS = 20;

    private static final String ERASED =
            "it was about an erased entity, so that neither keys nor columns nor answer were logged";

    private final ServicePlan service;
    private final Map<String, ChangeHistory> histories;
    private final FrontierIndex frontiers;

    /**
     * @param histories by view, the raw rows of its source
     */
    public Explain(ServicePlan service, Map<String, ChangeHistory> histories, FrontierIndex frontiers) {
        this.service = service;
        this.histories = Map.copyOf(histories);
        this.frontiers = frontiers;
    }

    /**
     * @throws IllegalArgumentException if the record is not of this service, or names a flush that was never announced
     */
    public ServedExplanation explain(Inference inference) {
        if (inference.getStatus() == InferenceStatus.FEATURES_UNAVAILABLE
                || inference.getStatus() == InferenceStatus.BAD_REQUEST) {
            return unserved(inference);
        }
        if (ErasedInferences.isOne(inference)) {
            return unserved(Inference.newBuilder(inference).setError(ERASED).build());
        }
        ServedVector vector = ServedVector.decode(inference, service);
        List<ReadBack> reads =
                service.reads().stream().map(read -> readBack(read, vector)).toList();
        FeatureValues expected = service.assemble(
                vector.request(service), reads.stream().map(ReadBack::values).toList());
        List<View> views = new ArrayList<>();
        int column = service.request().size();
        for (ReadBack read : reads) {
            views.add(view(read, vector, expected, column));
            column += read.read.features().length;
        }
        return explanation(inference, views, computed(vector, expected, column));
    }

    /** A row that no vector was made for, or none was logged of: the record says why, and nothing else can be said. */
    private static ServedExplanation unserved(Inference inference) {
        return explanation(inference, List.of(), List.of());
    }

    private static ServedExplanation explanation(Inference inference, List<View> views, List<Value> computed) {
        return new ServedExplanation(
                inference.getRequestId(),
                inference.getRow(),
                inference.getT(),
                inference.getModel(),
                inference.getModelVersion(),
                inference.getArtifactDigest(),
                inference.getService(),
                inference.getServiceHash(),
                inference.getStatus().name(),
                inference.getError(),
                inference.getPrediction(),
                null,
                views,
                computed);
    }

    /** One view's read as it can be known afterwards. */
    private record ReadBack(
            ViewRead read,
            String key,
            ViewCut stored,
            Cut cut,
            ChangeHistory history,
            int[] inCut,
            KeyOracle oracle,
            FeatureValues values) {}

    private ReadBack readBack(ViewRead read, ServedVector vector) {
        String view = read.view().spec().name();
        ChangeHistory history = histories.get(view);
        if (history == null) {
            throw new IllegalArgumentException("no history for view '" + view + "'");
        }
        ViewCut stored = vector.cut(read)
                .orElseThrow(() -> new IllegalArgumentException("the record says nothing of view '" + view + "'"));
        Cut cut = frontiers
                .find(stored, history.channels())
                .orElseThrow(() -> new IllegalArgumentException("no flush was announced for " + stored));
        String key = vector.key(read);
        long t = vector.inference().getT();
        ViewOracle oracle = new ViewOracle(read, history);
        KeyOracle ofKey = oracle.oracle(key, t, t);
        FeatureValues values = oracle.changes(key).hasAny(cut) ? ofKey.read(cut, t) : ofKey.absent();
        int[] inCut = oracle.changesOf(key)
                .filter(change -> cut.contains(history, change))
                .toArray();
        return new ReadBack(read, key, stored, cut, history, inCut, ofKey, values);
    }

    private View view(ReadBack read, ServedVector vector, FeatureValues expected, int firstColumn) {
        long t = vector.inference().getT();
        StatePlayer player = new StatePlayer(read.read.view(), read.history.block(read.inCut));
        player.advance(t);
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < read.read.features().length; i++) {
            Value value = value(vector, expected, firstColumn + i);
            Explanation explanation = player.state().explain(t, read.read.features()[i]);
            features.add(feature(read, value, explanation, t));
        }
        ViewCut stored = read.stored;
        return new View(
                stored.getView(),
                stored.getLineage(),
                read.key,
                stored.getAttempt() == 0
                        ? "none"
                        : stored.getAttempt() + "/" + stored.getSubtask() + "/" + stored.getFlush(),
                stored.getKnownTime(),
                stored.getRouted(),
                read.cut.byTopic(),
                features);
    }

    private static Feature feature(ReadBack read, Value value, Explanation explanation, long t) {
        int[] changes = read.oracle.changes();
        int[] inside = IntStream.range(0, changes.length)
                .filter(place -> read.oracle.naive().disposition(place) == Disposition.APPLIED)
                .map(place -> changes[place])
                .filter(change -> isInside(read, change, explanation.from(), t))
                .toArray();
        List<Event> newest = IntStream.of(inside)
                .skip(Math.max(0, inside.length - NEWEST_EVENTS))
                .mapToObj(change -> event(read.history, change))
                .toList();
        List<Part> parts = explanation.parts().stream().map(Explain::part).toList();
        return new Feature(value, explanation.from(), explanation.reason(), parts, inside.length, newest);
    }

    private static Part part(Explanation.Part part) {
        if (part instanceof Explanation.Tile tile) {
            return new Part("tile", tile.start(), tile.hopMillis(), tile.holds());
        }
        Explanation.RawChange change = (Explanation.RawChange) part;
        return new Part("change", change.eventTime(), 0, change.holds());
    }

    private static boolean isInside(ReadBack read, int change, long from, long t) {
        long eventTime = read.history.eventTime(change);
        return eventTime >= from
                && eventTime < t
                && read.history.visibleAt(change) <= t
                && read.cut.contains(read.history, change);
    }

    private static Event event(ChangeHistory history, int change) {
        Position at = history.position(change);
        return new Event(
                at.topic(),
                at.partition(),
                at.offset(),
                history.eventTime(change),
                history.knownTime(change),
                (history.isRetraction(change) ? "taken away: " : "")
                        + text(history.row(change), history.columns().schema()));
    }

    private static String text(Row row, RowSchema schema) {
        StringBuilder text = new StringBuilder();
        for (int slot = 0; slot < schema.size(); slot++) {
            Column column = schema.column(slot);
            text.append(slot == 0 ? "" : ", ").append(column.name()).append(' ');
            text.append(ValueText.of(row, slot, column.type()));
        }
        return text.toString();
    }

    private List<Value> computed(ServedVector vector, FeatureValues expected, int firstOnDemand) {
        return IntStream.concat(
                        IntStream.range(0, service.request().size()),
                        IntStream.range(firstOnDemand, service.columns().size()))
                .mapToObj(slot -> value(vector, expected, slot))
                .toList();
    }

    private Value value(ServedVector vector, FeatureValues expected, int slot) {
        Column column = service.columns().column(slot);
        return new Value(
                column.name(),
                ValueText.of(vector.values(), slot, column.type()),
                ValueText.of(expected, slot, column.type()),
                SameBits.at(vector.values(), expected, slot));
    }
}
