package dev.tidewheel.history.training;

import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.questions.Moments;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KnownTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which training set to build.
 *
 * @param service whose vector the rows hold
 * @param serviceHash of the service's definition, which covers its views and sources
 * @param views the definitions of the service's views, by name
 * @param model whose questions and label the rows hold; empty where a file, a table or moments ask
 * @param questions what is asked
 * @param moments which moments are asked, and in which part of the set they are
 * @param retiming what a question may know
 * @param servingDelay a question at t sees only what was visible at t − delay, as in a store that is so much behind;
 *     windows still end at t
 * @param asOf what became known later does not exist: no change, no event that is a question, no label
 * @param delayMeasured whether the delay was measured of a run, or given; null if nobody says
 */
public record TrainingSetSpec(
        ServicePlan service,
        String serviceHash,
        Map<String, ViewOf> views,
        Optional<String> model,
        QuestionsOf questions,
        Moments moments,
        Retiming retiming,
        Duration servingDelay,
        Optional<Instant> asOf,
        @Nullable Boolean delayMeasured) {
    public TrainingSetSpec {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(serviceHash, "serviceHash");
        views = new TreeMap<>(views);
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(questions, "questions");
        Objects.requireNonNull(moments, "moments");
        Objects.requireNonNull(retiming, "retiming");
        Objects.requireNonNull(asOf, "asOf");
        if (servingDelay.isNegative()) {
            throw new IllegalArgumentException("serving cannot be ahead of the changes: delay " + servingDelay);
        }
        boolean asServed = retiming.kind() == Knowledge.POINT_IN_TIME || retiming.kind() == Knowledge.EVENT_TIME;
        if (!asServed && !servingDelay.isZero()) {
            throw new IllegalArgumentException("a serving delay says what a store could not know yet, and "
                    + retiming.kind() + " asks what was known later: choose one of the two");
        }
    }

    /** All moments, point in time, with a store that is never behind. */
    public static TrainingSetSpec of(
            ServicePlan service, String serviceHash, Map<String, Long> lineages, QuestionsOf questions) {
        return new TrainingSetSpec(
                service,
                serviceHash,
                views(service, Map.of(), lineages),
                Optional.empty(),
                questions,
                Moments.all(),
                Retiming.POINT_IN_TIME,
                Duration.ZERO,
                Optional.empty(),
                null);
    }

    /** A model's own questions and range, point in time, with a store that is never behind. */
    public static TrainingSetSpec of(ModelPlan model, String serviceHash, Map<String, Long> lineages) {
        TrainingSetSpec spec = of(model.service(), serviceHash, lineages, QuestionsOf.model(model));
        return new TrainingSetSpec(
                        spec.service,
                        serviceHash,
                        spec.views,
                        Optional.of(model.model().name()),
                        spec.questions,
                        spec.moments,
                        spec.retiming,
                        spec.servingDelay,
                        spec.asOf,
                        spec.delayMeasured)
                .between(model.model().from(), model.model().to());
    }

    private static Map<String, ViewOf> views(
            ServicePlan service, Map<String, String> hashes, Map<String, Long> lineages) {
        Map<String, ViewOf> views = new TreeMap<>();
        for (ViewRead read : service.reads()) {
            String view = read.view().spec().name();
            views.put(view, ViewOf.of(read, hashes.get(view), lineages.get(view)));
        }
        return views;
    }

    /** The same over another range. */
    public TrainingSetSpec between(Instant first, Instant end) {
        return at(Moments.between(first.toEpochMilli(), end.toEpochMilli()));
    }

    /** The same over other moments. */
    public TrainingSetSpec at(Moments other) {
        return new TrainingSetSpec(
                service, serviceHash, views, model, questions, other, retiming, servingDelay, asOf, delayMeasured);
    }

    /** The same with other knowledge. */
    public TrainingSetSpec knowing(Retiming what) {
        return new TrainingSetSpec(
                service, serviceHash, views, model, questions, moments, what, servingDelay, asOf, delayMeasured);
    }

    /** The same with a store that is behind. */
    public TrainingSetSpec delayed(Duration delay) {
        return new TrainingSetSpec(service, serviceHash, views, model, questions, moments, retiming, delay, asOf, null);
    }

    /** The same, saying whether the delay is what a run was measured to be behind, or what somebody gave. */
    public TrainingSetSpec measured(boolean measured) {
        return new TrainingSetSpec(
                service, serviceHash, views, model, questions, moments, retiming, servingDelay, asOf, measured);
    }

    /** The same without what became known after a moment: so it can be built later as it would have been then. */
    public TrainingSetSpec asOf(Instant moment) {
        return new TrainingSetSpec(
                service,
                serviceHash,
                views,
                model,
                questions,
                moments,
                retiming,
                servingDelay,
                Optional.of(moment),
                delayMeasured);
    }

    /** The same, saying which definitions of the views these are: their hashes, by name. */
    public TrainingSetSpec defined(Map<String, String> hashes) {
        Map<String, Long> lineages = new TreeMap<>();
        views.forEach((view, of) -> Optional.ofNullable(of.lineage()).ifPresent(number -> lineages.put(view, number)));
        return new TrainingSetSpec(
                service,
                serviceHash,
                views(service, hashes, lineages),
                model,
                questions,
                moments,
                retiming,
                servingDelay,
                asOf,
                delayMeasured);
    }

    /** What became known later is neither a question nor a label, epoch milliseconds. */
    public long knownBy() {
        return asOf.map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
    }

    /** The history of the events that are asked about, without what became known too late. */
    public ChangeHistory asked(ChangeHistory events) {
        return asOf.isPresent() ? events.knownBy(knownBy()) : events;
    }

    /** When the changes of a view's source count as known. */
    public KnownTimes known(ViewRead read) {
        return retiming.known(read.view().spec(), asOf);
    }
}
