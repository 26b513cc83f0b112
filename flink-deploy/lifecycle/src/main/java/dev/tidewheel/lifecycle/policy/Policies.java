package dev.tidewheel.lifecycle.policy;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that is defined for a model, by name. Sorted, so that whoever goes through it does so in one order. */
public record Policies(SortedMap<String, RetrainingPolicy> retrainings, SortedMap<String, RolloutPolicy> rollouts) {
    public static final Policies NONE = new Policies(new TreeMap<>(), new TreeMap<>());

    public Policies {
        retrainings = Collections.unmodifiableSortedMap(new TreeMap<>(retrainings));
        rollouts = Collections.unmodifiableSortedMap(new TreeMap<>(rollouts));
    }

    public Optional<RetrainingPolicy> retraining(String name) {
        return Optional.ofNullable(retrainings.get(name));
    }

    public Optional<RolloutPolicy> rollout(String name) {
        return Optional.ofNullable(rollouts.get(name));
    }

    public Policies with(RetrainingPolicy retraining) {
        SortedMap<String, RetrainingPolicy> next = new TreeMap<>(retrainings);
        next.put(retraining.name(), retraining);
        return new Policies(next, rollouts);
    }

    public Policies with(RolloutPolicy rollout) {
        SortedMap<String, RolloutPolicy> next = new TreeMap<>(rollouts);
        next.put(rollout.name(), rollout);
        return new Policies(retrainings, next);
    }

    public Policies withoutRetraining(String name) {
        SortedMap<String, RetrainingPolicy> next = new TreeMap<>(retrainings);
        next.remove(name);
        return new Policies(next, rollouts);
    }

    public Policies withoutRollout(String name) {
        SortedMap<String, RolloutPolicy> next = new TreeMap<>(rollouts);
        next.remove(name);
        return new Policies(retrainings, next);
    }
}
