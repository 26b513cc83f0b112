package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.state.HealthSums;
import dev.tidewheel.lifecycle.state.HealthSums.Window;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.records.ServingHealth;
import java.time.Instant;
import java.util.Optional;

/**
 * How versions serve, window by window. Only a version in a rollout is judged by it, from the stage's
 * beginning.
 */
final class HealthReports {
    private HealthReports() {}

    static Decision decide(State state, ServingHealth health, Instant at) {
        String version = health.getModelVersion();
        if (!(state.phase() instanceof Phase.Rollout rollout)
                || !rollout.challenger().version().equals(version)) {
            return Decision.unchanged(state, version + " is not in a rollout");
        }
        String monitor = rollout.challenger().rollout().health().monitor();
        if (!health.getMonitor().equals(monitor)) {
            return Decision.unchanged(state, "health is judged by monitor " + monitor + " alone");
        }
        Instant start = Instant.ofEpochMilli(health.getWindowStart());
        if (!rollout.stage().reaches(Instant.ofEpochMilli(health.getWindowEnd()))) {
            return Decision.unchanged(state, "the window of " + start + " ended before " + rollout.name() + " began");
        }
        Window window = new Window(
                start,
                health.getRevision(),
                health.getRows(),
                health.getErrors(),
                Optional.ofNullable(health.getLatencyP99Millis()).filter(Double::isFinite));
        HealthSums sums = rollout.stage().health();
        boolean news = rollout.stage().covers(start) ? sums.isNews(window) : sums.isStraddlingNews(window);
        return news
                ? Rollouts.health(state, rollout, window, at)
                : Decision.duplicate(state, "the window of " + start + " was counted before");
    }
}
