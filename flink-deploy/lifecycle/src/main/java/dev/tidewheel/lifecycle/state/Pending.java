package dev.tidewheel.lifecycle.state;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A trigger that waits until the model is free.
 *
 * @param trigger its event's id
 * @param why for people
 * @param about the versions that its alerts spoke of; one of them must be champion when its turn comes. Empty if a person
 *     or the schedule asked too: they mean whoever is champion then
 * @param manual asked for by a person, who need not wait for a cool-down
 * @param merged how many later triggers of the same retraining went into this one
 */
public record Pending(
        String retraining,
        String trigger,
        String why,
        SortedSet<String> about,
        boolean manual,
        Instant since,
        int merged) {

    public Pending {
        about = Collections.unmodifiableSortedSet(new TreeSet<>(about));
    }

    /** With a later trigger of the same retraining in it: what would let either start lets the merged one start. */
    public Pending merge(Pending later) {
        SortedSet<String> versions = new TreeSet<>();
        if (!about.isEmpty() && !later.about.isEmpty()) {
            versions.addAll(about);
            versions.addAll(later.about);
        }
        return new Pending(retraining, trigger, why, versions, manual || later.manual, since, merged + 1);
    }
}
