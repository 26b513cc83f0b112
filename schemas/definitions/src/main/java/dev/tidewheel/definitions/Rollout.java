package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How a new version of a model takes the place of the champion: shadow, canary steps, promotion, and a watch after it.
 *
 * @param name its name
 * @param model the model's name
 * @param shadow first the challenger is asked too, and the champion answers
 * @param canary then the challenger answers a growing share of the requests; at least one step
 * @param health what a challenger must keep to in every stage
 * @param deadline a stage that has not seen enough by then refuses the challenger
 * @param watch after the promotion: unhealthy within this time brings the former champion back
 */
public record Rollout(
        String name,
        String model,
        Shadow shadow,
        List<CanaryStep> canary,
        Health health,
        Duration deadline,
        Duration watch)
        implements Definition {
    public Rollout {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(shadow, "shadow");
        canary = List.copyOf(canary);
        Objects.requireNonNull(health, "health");
        Objects.requireNonNull(deadline, "deadline");
        Objects.requireNonNull(watch, "watch");
    }

    /**
     * @param lasts how long; written {@code for}
     * @param minRows so many rows at least
     */
    public record Shadow(Duration lasts, long minRows) {
        public Shadow {
            Objects.requireNonNull(lasts, "lasts");
        }
    }

    /**
     * @param share of the requests, more than 0 and less than 1
     * @param lasts how long; written {@code for}
     */
    public record CanaryStep(double share, Duration lasts) {
        public CanaryStep {
            Range.PART.check("share", share);
            Objects.requireNonNull(lasts, "lasts");
        }
    }

    /**
     * @param monitor a monitor of the model: its windows are judged
     * @param maxErrorShare of the challenger's rows, from 0 to 1
     * @param maxP99 of the challenger's latency
     * @param minRows windows with fewer rows of the challenger say nothing
     */
    public record Health(String monitor, double maxErrorShare, Duration maxP99, long minRows) {
        public Health {
            Range.SHARE.check("maxErrorShare", maxErrorShare);
            Objects.requireNonNull(monitor, "monitor");
            Objects.requireNonNull(maxP99, "maxP99");
        }
    }

    /**
     * Reads a body of the registry without what it refers to.
     *
     * @param body canonical JSON
     * @throws DefinitionsException if it is no rollout
     */
    public static Rollout fromBody(String body) {
        return Loader.single(Kind.ROLLOUT, body, RolloutReader::read);
    }

    @Override
    public Kind kind() {
        return Kind.ROLLOUT;
    }
}
