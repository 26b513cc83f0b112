package dev.tidewheel.history.training;

import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.service.ServicePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which training set to build.
 *
 * @param model whose questions and label the rows hold, with the vector of its service
 * @param serviceHash of the service's definition, which covers its views and sources
 * @param lineages by view, as the registry had them; may be empty before anything was applied
 * @param from the first moment asked
 * @param to before which the last moment asked lies
 * @param knowledge what a question may know
 * @param servingDelay a question at t sees only what was visible at t − delay, as in a store that is so much behind;
 *     windows still end at t
 * @param knownBy events that became known later do not exist, neither as questions (so no later label) nor as changes
 */
public record TrainingSetSpec(
        ModelPlan model,
        String serviceHash,
        Map<String, Long> lineages,
        Instant from,
        Instant to,
        Knowledge knowledge,
        Duration servingDelay,
        Optional<Instant> knownBy) {
    public TrainingSetSpec {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(serviceHash, "serviceHash");
        lineages = Map.copyOf(lineages);
        Objects.requireNonNull(knowledge, "knowledge");
        Objects.requireNonNull(knownBy, "knownBy");
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("a training set from " + from + " to " + to + " is empty");
        }
        if (servingDelay.isNegative()) {
            throw new IllegalArgumentException("serving cannot be ahead of the changes: delay " + servingDelay);
        }
    }

    /** The model's own range, point in time, with a store that is never behind. */
    public static TrainingSetSpec of(ModelPlan model, String serviceHash, Map<String, Long> lineages) {
        return new TrainingSetSpec(
                model,
                serviceHash,
                lineages,
                model.model().from(),
                model.model().to(),
                Knowledge.POINT_IN_TIME,
                Duration.ZERO,
                Optional.empty());
    }

    /** The same over another range. */
    public TrainingSetSpec between(Instant first, Instant end) {
        return new TrainingSetSpec(model, serviceHash, lineages, first, end, knowledge, servingDelay, knownBy);
    }

    /** The same with other knowledge. */
    public TrainingSetSpec knowing(Knowledge what) {
        return new TrainingSetSpec(model, serviceHash, lineages, from, to, what, servingDelay, knownBy);
    }

    /** The same with a store that is behind. */
    public TrainingSetSpec delayed(Duration delay) {
        return new TrainingSetSpec(model, serviceHash, lineages, from, to, knowledge, delay, knownBy);
    }

    /** The same without what became known after a moment: so it can be built later as it would have been then. */
    public TrainingSetSpec asOf(Instant moment) {
        return new TrainingSetSpec(
                model, serviceHash, lineages, from, to, knowledge, servingDelay, Optional.of(moment));
    }

    ServicePlan service() {
        return model.service();
    }
}
