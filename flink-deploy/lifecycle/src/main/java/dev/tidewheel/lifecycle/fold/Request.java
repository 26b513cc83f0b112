package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.state.Pending;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * Somebody wants a retraining to start.
 *
 * @param trigger the event's id, or that of a slot of the schedule
 * @param why for people
 * @param about the versions that alerts speak of, one of which must be champion; empty for whoever is
 * @param manual a person does, who need not wait for a cool-down
 */
record Request(String retraining, String trigger, String why, Set<String> about, boolean manual) {
    Pending pending(Instant at) {
        return new Pending(retraining, trigger, why, new TreeSet<>(about), manual, at, 0);
    }

    static Request of(Pending pending) {
        return new Request(pending.retraining(), pending.trigger(), pending.why(), pending.about(), pending.manual());
    }
}
