package dev.tidewheel.history.training;

import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.source.ChangeHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The events of a source as questions. An event is a question whether or not any view counts it: somebody asked. Immutable
 * and thread-safe.
 */
final class Questions {
    private final ChangeHistory history;
    private final ModelPlan model;

    Questions(ChangeHistory history, ModelPlan model) {
        if (!history.columns().schema().equals(model.source().columns())) {
            throw new IllegalArgumentException(
                    "the questions of model '" + model.model().name() + "' come from source '"
                            + model.source().name() + "', but the history is of '"
                            + history.columns().source() + "'");
        }
        this.history = history;
        this.model = model;
    }

    /** All questions with t in [from, to) as numbers of the history, in the order of (t, event id). */
    List<Integer> select(long from, long to, Skipped skipped) {
        List<Integer> selected = new ArrayList<>();
        long[] times = new long[history.size()]; // A comparison of two rows must not make two rows.
        Set<Object> ids = new HashSet<>();
        for (int change = 0; change < history.size(); change++) {
            Row event = history.row(change);
            long t = model.at(event).orElse(Long.MIN_VALUE);
            if (t >= from && t < to) {
                boolean repeated = history.sharesId(change) && !ids.add(history.id(change));
                if (skipped.keep(
                        repeated,
                        model.keys(event).isPresent(),
                        model.label(event).isPresent())) {
                    times[change] = t;
                    selected.add(change);
                }
            }
        }
        Comparator<Integer> byTime = Comparator.comparingLong(change -> times[change]);
        selected.sort(byTime.thenComparing(history::id));
        return selected;
    }

    /** A question that was selected. */
    Asked ask(int change) {
        Row event = history.row(change);
        List<String> entities = model.keys(event).orElseThrow();
        List<String> keys = model.service().reads().stream()
                .map(read -> key(read, entities))
                .toList();
        return new Asked(
                history.id(change),
                model.at(event).orElseThrow(),
                entities,
                keys,
                model.request(event),
                model.label(event).orElseThrow());
    }

    private String key(ViewRead read, List<String> entities) {
        return EntityKeys.join(read.keys().stream()
                .map(name -> entities.get(model.entities().indexOf(name)))
                .toList());
    }
}
