package dev.tidewheel.lifecycle.state;

import dev.tidewheel.lifecycle.policy.RolloutPolicy;

/**
 * A version on its way to take the champion's place.
 *
 * @param retraining the name of the retraining that made it
 * @param rollout the rules that its rollout began with
 */
public record Challenger(String version, String retraining, RolloutPolicy rollout) {}
