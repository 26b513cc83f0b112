package dev.tidewheel.agent.reconcile;

import dev.tidewheel.agent.desired.Wanted;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at everything that is desired. What fails for one slot is logged, once as long as it stays the same, and does
 * not hold up the others. For one thread.
 */
public final class Pass {
    private static final Logger LOG = LoggerFactory.getLogger(Pass.class);

    private final Map<String, Reconciler> byKind;
    private final Observations observations;
    private final Map<String, String> troubles = new HashMap<>();

    /** @param byKind who makes things of a kind so */
    public Pass(Map<String, Reconciler> byKind, Observations observations) {
        this.byKind = Map.copyOf(byKind);
        this.observations = observations;
    }

    /** Looks at every slot once. */
    public void run(List<Wanted> desired) throws InterruptedException {
        for (Wanted wanted : desired) {
            try {
                reconcile(wanted);
                troubles.remove(wanted.key());
            } catch (IOException | RuntimeException e) {
                trouble(wanted, e);
            }
        }
    }

    /** How many slots could not be brought forward in the last look. */
    public int troubles() {
        return troubles.size();
    }

    private void reconcile(Wanted wanted) throws IOException, InterruptedException {
        Reconciler reconciler = byKind.get(wanted.kind());
        if (reconciler == null) {
            throw new IllegalArgumentException("this agent knows no '" + wanted.kind() + "', only " + byKind.keySet());
        }
        Optional<Observed> seen = reconciler.reconcile(wanted, observations.reported(wanted));
        if (seen.isPresent() && observations.report(wanted, seen.get())) {
            LOG.info(
                    "{} generation {} is {} {}",
                    wanted.key(),
                    wanted.generation(),
                    seen.get().phase(),
                    seen.get().reason());
        }
    }

    private void trouble(Wanted wanted, Exception e) {
        if (!e.toString().equals(troubles.put(wanted.key(), e.toString()))) {
            LOG.warn("{} generation {} cannot be brought forward yet", wanted.key(), wanted.generation(), e);
        }
    }
}
