package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import java.time.Duration;
import java.util.Optional;

/** Reads a source's handover, and refuses one that says nothing of its events. */
final class HandoverReader {
    private static final String KEY = "handover";
    private static final String OFFSETS = "offsets";

    private final Problems problems;

    HandoverReader(Problems problems) {
        this.problems = problems;
    }

    /** Whether a node says nothing but the default, which is no part of a definition's meaning. */
    static boolean isDefault(String key, Yaml value) {
        return key.equals(KEY) && value instanceof Scalar;
    }

    Handover read(Fields spec, SourceInput input) {
        Optional<Yaml> written = spec.node().get(KEY);
        if (written.isEmpty()) {
            return Handover.OFFSETS;
        }
        if (written.get() instanceof Scalar word) {
            if (!word.text().equals(OFFSETS)) {
                wrong(
                        word.place(),
                        "'handover' cannot be " + word.what()
                                + "; write offsets, {knownTime: …} or {overlap: …}, or leave it out");
            }
            return Handover.OFFSETS;
        }
        if (input.format().isOfChanges()) {
            refuse(spec, "a source of rows that change");
            return Handover.OFFSETS;
        }
        Fields form = new Fields((Yaml.Mapping) written.get());
        return form.maybe("knownTime").isPresent()
                ? knownTime(form.scalar("knownTime"), input)
                : overlap(form.scalar("overlap"), spec, input);
    }

    private Handover knownTime(Scalar moment, SourceInput input) {
        if (input.knownTime().isEmpty()) {
            wrong(
                    moment.place(),
                    "the topic's records would be judged by when Kafka had them, and what is imported by a column; write"
                            + " knownTime: COLUMN, or handover: {overlap: …}");
        }
        return new Handover.KnownTime(Scalars.instant(moment.text()).orElseThrow());
    }

    private Handover overlap(Scalar overlap, Fields spec, SourceInput input) {
        Duration written = SourceBinder.duration(overlap);
        Duration horizon = SourceBinder.duration(spec.scalar("horizon"));
        if (input.eventId().isEmpty()) {
            wrong(
                    overlap.place(),
                    "events that are imported and in the topic are told apart by their ids; write eventId, or"
                            + " handover: {knownTime: …}");
        } else if (written.compareTo(horizon) > 0) {
            wrong(
                    overlap.place(),
                    "an event is remembered for the horizon, and the overlap is longer; write at most "
                            + spec.text("horizon"));
        }
        return new Handover.Overlap(written);
    }

    /** Reports a handover where nothing can be imported. */
    void refuse(Fields spec, String where) {
        spec.node()
                .get(KEY)
                .filter(written -> !(written instanceof Scalar))
                .ifPresent(written ->
                        wrong(written.place(), "history cannot be imported into " + where + "; leave 'handover' out"));
    }

    private void wrong(Place place, String message) {
        problems.add(place, ProblemCode.BAD_VALUE, message);
    }
}
