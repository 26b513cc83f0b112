package dev.tidewheel.lifecycle.state;

import java.time.Instant;
import java.util.Optional;

/**
 * A trigger that waits until the model is free.
 *
 * @param trigger its event's id
 * @param why for people
 * @param about the version that an alert spoke of; it must still be champion when its turn comes
 * @param manual asked for by a person, who need not wait for a cool-down
 * @param merged how many later triggers of the same retraining went into this one
 */
public record Pending(
        String retraining,
        String trigger,
        String why,
        Optional<String> about,
        boolean manual,
        Instant since,
        int merged) {

    /** With a later trigger of the same retraining in it. A person's wish outlives the merger. */
    public Pending merge(Pending later) {
        return new Pending(retraining, trigger, why, about, manual || later.manual, since, merged + 1);
    }
}
