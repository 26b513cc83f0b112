package dev.tidewheel.history.parity;

import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.history.source.ChangeHistory;
import java.util.Map;
import java.util.Objects;

/**
 * A version of a service whose vectors can be recomputed.
 *
 * @param plan how its vectors come about
 * @param hash of its definition, as the vectors carry it
 * @param histories by view, the raw rows of its source
 */
public record JudgedService(ServicePlan plan, String hash, Map<String, ChangeHistory> histories) {
    public JudgedService {
        Objects.requireNonNull(plan, "plan");
        Objects.requireNonNull(hash, "hash");
        histories = Map.copyOf(histories);
    }

    /** @throws IllegalArgumentException if there is none */
    ChangeHistory history(String view) {
        ChangeHistory history = histories.get(view);
        if (history == null) {
            throw new IllegalArgumentException("no history for view '" + view + "'");
        }
        return history;
    }
}
