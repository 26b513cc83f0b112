package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.policy.RetrainingPolicy;
import dev.tidewheel.lifecycle.state.CanonicalJson;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.Run;
import dev.tidewheel.lifecycle.state.Serving;
import dev.tidewheel.lifecycle.state.Traffic;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the cluster is asked for, as canonical JSON. */
final class Specs {
    private Specs() {}

    /**
     * A training and its judgement: rows of {@code train}, figures of {@code gate}, which begins where the training rows
     * end, for the challenger and everybody it is compared with; both from what was known at the start.
     */
    static Wish training(String model, Run run, Serving serving) {
        return training(model, run, serving, Run.PRESENT, true);
    }

    /** The training is done with, or shall stop. */
    static Wish cancelled(String model, Run run, Serving serving) {
        return training(model, run, serving, Run.CANCELLED, false);
    }

    private static Wish training(String model, Run run, Serving serving, long generation, boolean present) {
        RetrainingPolicy retraining = run.retraining();
        Instant to = run.startedAt();
        Instant gate = to.minus(retraining.gate().window());
        Set<String> against = new LinkedHashSet<>();
        against.add(run.champion());
        serving.first().ifPresent(against::add);
        Map<String, Object> spec = Map.of(
                "model",
                model,
                "version",
                run.version(),
                "retraining",
                retraining.name(),
                "train",
                Map.of("from", gate.minus(retraining.window()), "to", gate),
                "gate",
                Map.of("from", gate, "to", to, "against", against),
                "knownBy",
                to);
        return new Wish(run.slot(), generation, present, Run.KIND, CanonicalJson.of(spec), retraining.hash());
    }

    /** Which versions get the requests in a phase. */
    static Wish traffic(Phase phase, Serving serving, String definitionHash) {
        Map<String, Object> spec = new TreeMap<>();
        spec.put("champion", serving.champion().orElseThrow());
        spec.put(
                "shadow",
                phase instanceof Phase.Shadow shadow ? shadow.challenger().version() : null);
        spec.put(
                "canary",
                phase instanceof Phase.Canary canary
                        ? Map.of("version", canary.challenger().version(), "share", canary.share())
                        : null);
        return new Wish(
                Traffic.SLOT,
                serving.traffic().generation(),
                true,
                Traffic.SLOT,
                CanonicalJson.of(spec),
                definitionHash);
    }
}
