package dev.tidewheel.history.training;

import dev.tidewheel.feature.service.ServicePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Which training set to build.
 *
 * @param service whose vector the rows hold
 * @param serviceHash of the service's definition, with its views' and sources'
 * @param lineages by view, as the registry had them; may be empty before anything was applied
 * @param questions where rows come from
 * @param from the first moment asked
 * @param to before which the last moment asked lies
 * @param knowledge what a question may know
 * @param servingDelay a question at t sees only what was visible at t − delay, as in a store that is so much behind;
 *     windows still end at t
 */
public record TrainingSetSpec(
        ServicePlan service,
        String serviceHash,
        Map<String, Long> lineages,
        QuestionSpec questions,
        Instant from,
        Instant to,
        Knowledge knowledge,
        Duration servingDelay) {
    public TrainingSetSpec {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(serviceHash, "serviceHash");
        lineages = Map.copyOf(lineages);
        Objects.requireNonNull(questions, "questions");
        Objects.requireNonNull(knowledge, "knowledge");
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("a training set from " + from + " to " + to + " is empty");
        }
        if (servingDelay.isNegative()) {
            throw new IllegalArgumentException("serving cannot be ahead of the changes: delay " + servingDelay);
        }
    }
}
