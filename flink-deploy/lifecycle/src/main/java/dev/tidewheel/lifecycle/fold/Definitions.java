package dev.tidewheel.lifecycle.fold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.DefinitionsException;
import dev.tidewheel.lifecycle.policy.Policies;
import dev.tidewheel.lifecycle.policy.PolicyReader;
import dev.tidewheel.lifecycle.policy.PolicyReader.ForModel;
import dev.tidewheel.lifecycle.policy.RetrainingPolicy;
import dev.tidewheel.lifecycle.policy.RolloutPolicy;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.records.DefinitionChange;
import java.util.Optional;

/**
 * What users defined. The registry has one order and its forwarder keeps it, so the last one that came is in force; a
 * repeated one changes nothing.
 */
final class Definitions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Definitions() {}

    static Decision decide(State state, DefinitionChange change) {
        try {
            return switch (change.getKind()) {
                case "Retraining" -> retraining(state, change);
                case "Rollout" -> rollout(state, change);
                case "ModelAlias" -> alias(state, change);
                default -> Decision.unchanged(state, "nothing here depends on a " + change.getKind());
            };
        } catch (DefinitionsException e) {
            return Decision.refused(
                    state, change.getKind() + " " + change.getName() + " cannot be read: " + e.getMessage());
        }
    }

    private static Decision retraining(State state, DefinitionChange change) {
        Policies policies = state.policies();
        if (change.getBody() == null) {
            return removed(state, change, policies.withoutRetraining(change.getName()));
        }
        Optional<String> inForce = policies.retraining(change.getName()).map(RetrainingPolicy::hash);
        if (inForce.equals(Optional.of(change.getHash()))) {
            return repeated(state, change);
        }
        ForModel<RetrainingPolicy> read = PolicyReader.retraining(change.getBody(), change.getHash());
        return read.model().equals(state.model())
                ? inForce(state, change, policies.with(read.policy()))
                : otherModel(state, change, read.model());
    }

    private static Decision rollout(State state, DefinitionChange change) {
        Policies policies = state.policies();
        if (change.getBody() == null) {
            return removed(state, change, policies.withoutRollout(change.getName()));
        }
        Optional<String> inForce = policies.rollout(change.getName()).map(RolloutPolicy::hash);
        if (inForce.equals(Optional.of(change.getHash()))) {
            return repeated(state, change);
        }
        ForModel<RolloutPolicy> read = PolicyReader.rollout(change.getBody(), change.getHash());
        return read.model().equals(state.model())
                ? inForce(state, change, policies.with(read.policy()))
                : otherModel(state, change, read.model());
    }

    /**
     * The champion's alias. It says who the champion is until traffic is decided here for the first time; from then on it
     * is an echo of that, maybe a late one.
     */
    private static Decision alias(State state, DefinitionChange change) {
        if (!change.getName().equals(state.model() + ".champion")) {
            return Decision.unchanged(state, "nothing here depends on alias " + change.getName());
        }
        Optional<String> version = Optional.ofNullable(change.getBody()).flatMap(Definitions::version);
        if (version.isEmpty()) {
            return Decision.refused(state, "alias " + change.getName() + " names no version");
        }
        if (version.equals(state.serving().champion())) {
            return Decision.unchanged(state, version.get() + " is champion");
        }
        if (state.serving().traffic().generation() > 0) {
            return Decision.refused(
                    state,
                    "alias " + change.getName() + " names " + version.get() + ", but the champion is decided here, and"
                            + " is " + state.serving().champion().orElse("?"));
        }
        return Decision.changed(
                state.with(state.serving().follow(version.get())),
                Finding.of(version.get() + " is champion: its alias says so"));
    }

    private static Decision inForce(State state, DefinitionChange change, Policies policies) {
        return Decision.changed(
                state.with(policies),
                Finding.of(change.getKind() + " " + change.getName() + " is in force: " + change.getHash()));
    }

    private static Decision removed(State state, DefinitionChange change, Policies policies) {
        return policies.equals(state.policies())
                ? repeated(state, change)
                : Decision.changed(
                        state.with(policies), Finding.of(change.getKind() + " " + change.getName() + " is removed"));
    }

    private static Decision repeated(State state, DefinitionChange change) {
        return Decision.duplicate(state, change.getKind() + " " + change.getName() + " is in force already");
    }

    private static Decision otherModel(State state, DefinitionChange change, String model) {
        return Decision.refused(state, change.getKind() + " " + change.getName() + " is for model " + model);
    }

    private static Optional<String> version(String body) {
        try {
            return Optional.of(JSON.readTree(body).path("version").asText()).filter(text -> !text.isBlank());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
