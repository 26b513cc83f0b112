package dev.tidewheel.sidecar;

import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.records.ViewCut;
import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Reads all views of all rows of a request in one round trip and finishes their values for its time. Thread-safe. */
final class VectorReader {
    private final FeatureReader store;
    private final long readShiftMillis;

    /**
     * @param store the online store
     * @param readShiftMillis added to the time asked; 0 but for the injected boundary fault
     */
    VectorReader(FeatureReader store, long readShiftMillis) {
        this.store = store;
        this.readShiftMillis = readShiftMillis;
    }

    /** One vector per row, assembled on the given context and not on the store's threads; fails as the store fails. */
    Future<List<Vector>> read(Serving serving, InferRequest request, long t, Context context) {
        return Future.fromCompletionStage(store.read(keys(serving, request)), context)
                .recover(failure -> Future.failedFuture(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure))
                .map(states -> assemble(serving, request, states, t));
    }

    /** What is logged for rows whose features could not be read. */
    static List<Vector> unavailable(Serving serving, InferRequest request) {
        ServicePlan service = serving.service();
        List<Vector> vectors = new ArrayList<>();
        for (Row row : request.rows()) {
            List<FeatureValues> values = service.reads().stream()
                    .map(read -> {
                        byte[] statuses = new byte[read.view().features().size()];
                        Arrays.fill(statuses, Status.UNAVAILABLE.code());
                        return new FeatureValues(new Row(statuses.length), statuses);
                    })
                    .toList();
            vectors.add(new Vector(service.assemble(row, values), List.of()));
        }
        return vectors;
    }

    private static List<ViewKey> keys(Serving serving, InferRequest request) {
        List<ViewKey> keys = new ArrayList<>();
        for (List<String> entities : request.entities()) {
            for (ServicePlan.ViewRead read : serving.service().reads()) {
                keys.add(key(serving, read, entities));
            }
        }
        return keys;
    }

    private static ViewKey key(Serving serving, ServicePlan.ViewRead read, List<String> entities) {
        List<String> values = new ArrayList<>();
        for (String name : read.keys()) {
            values.add(entities.get(serving.entities().indexOf(name)));
        }
        String view = read.view().spec().name();
        return new ViewKey(view, Objects.requireNonNull(serving.lineages().get(view), view), EntityKeys.join(values));
    }

    private List<Vector> assemble(Serving serving, InferRequest request, List<@Nullable StoredState> states, long t) {
        List<ServicePlan.ViewRead> reads = serving.service().reads();
        List<Vector> vectors = new ArrayList<>();
        for (int row = 0; row < request.rows().size(); row++) {
            List<FeatureValues> values = new ArrayList<>(reads.size());
            List<ViewCut> cuts = new ArrayList<>(reads.size());
            for (int i = 0; i < reads.size(); i++) {
                ServicePlan.ViewRead read = reads.get(i);
                StoredState state = states.get(row * reads.size() + i);
                values.add(valuesOf(read, state, t));
                cuts.add(cut(serving, read, state));
            }
            vectors.add(new Vector(serving.service().assemble(request.rows().get(row), values), cuts));
        }
        return vectors;
    }

    private FeatureValues valuesOf(ServicePlan.ViewRead read, @Nullable StoredState state, long t) {
        return state == null
                ? KeyState.absent(read.view())
                : KeyState.decode(read.view(), state.base(), state.head()).read(t + readShiftMillis);
    }

    private static ViewCut cut(Serving serving, ServicePlan.ViewRead read, @Nullable StoredState state) {
        String view = read.view().spec().name();
        FlushId flush = state == null ? FlushId.NONE : state.flush();
        return ViewCut.newBuilder()
                .setView(view)
                .setLineage(Objects.requireNonNull(serving.lineages().get(view), view))
                .setAttempt(flush.attempt())
                .setSubtask(flush.subtask())
                .setFlush(flush.flush())
                .setKnownTime(state == null ? Long.MIN_VALUE : state.version().knownTime())
                .setRouted(state == null ? 0 : state.version().routed())
                .build();
    }
}
