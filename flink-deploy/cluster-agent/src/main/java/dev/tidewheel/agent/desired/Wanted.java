package dev.tidewheel.agent.desired;

import java.util.Objects;

/**
 * One thing that should exist, or should not.
 *
 * @param slot its place among the model's things, such as {@code training/weekly-1}
 * @param generation grows with each change of the slot
 * @param state whether it should be there
 * @param kind who makes it so
 * @param spec what exactly, as JSON
 * @param specHash of the spec: equal hashes, equal things
 */
public record Wanted(
        String model, String slot, long generation, State state, String kind, String spec, String specHash) {
    public Wanted {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(slot, "slot");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(specHash, "specHash");
    }

    /** Whether something should exist. */
    public enum State {
        PRESENT,
        CANCELLED
    }

    public boolean present() {
        return state == State.PRESENT;
    }

    /** The key of the slot on topics. */
    public String key() {
        return model + "/" + slot;
    }
}
