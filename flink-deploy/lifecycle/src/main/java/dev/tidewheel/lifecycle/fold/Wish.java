package dev.tidewheel.lifecycle.fold;

/**
 * What shall exist in the cluster from now on: a record of {@code tidewheel.desired} without the place of the event that
 * decided it.
 *
 * @param generation grows with each change of the slot
 * @param present false if it shall be gone
 * @param kind who makes it so: {@code training}, {@code traffic}
 * @param spec canonical JSON
 * @param definitionHash of the Retraining or Rollout that asks for it; empty where a person did
 */
public record Wish(String slot, long generation, boolean present, String kind, String spec, String definitionHash) {}
