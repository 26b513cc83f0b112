package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Rollout.CanaryStep;
import dev.tidewheel.definitions.Rollout.Health;
import dev.tidewheel.definitions.Rollout.Shadow;
import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Defaults;
import dev.tidewheel.definitions.yaml.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a document to a {@link Rollout}, checked as far as that goes without its neighbours. */
final class RolloutReader {
    private static final long MOST_ROWS = 1_000_000_000_000L;

    private RolloutReader() {}

    /** Empty if anything is wrong. */
    static Optional<Rollout> read(Draft draft, Problems problems) {
        int before = problems.count();
        Fields spec = draft.spec();
        Values values = new Values(spec, problems);
        Values shadow = new Values(spec.fields("shadow"), problems);
        Values health = new Values(spec.fields("health"), problems);
        Duration deadline = values.duration("deadline");
        Rollout rollout = new Rollout(
                draft.name(),
                spec.text("model"),
                new Shadow(shadow.duration("for"), shadow.whole("minRows", Defaults.STAGE_ROWS, MOST_ROWS)),
                canary(spec, problems),
                new Health(
                        health.fields().text("monitor"),
                        health.number("maxErrorShare", Range.SHARE),
                        health.duration("maxP99"),
                        health.whole("minRows", Defaults.STAGE_ROWS, MOST_ROWS)),
                deadline,
                values.duration("watch"));
        beforeDeadline(shadow.fields(), deadline, spec, problems);
        spec.structs("canary").forEach(step -> beforeDeadline(step, deadline, spec, problems));
        return draft.whole() && problems.count() == before ? Optional.of(rollout) : Optional.empty();
    }

    private static List<CanaryStep> canary(Fields spec, Problems problems) {
        List<CanaryStep> steps = new ArrayList<>();
        double last = 0;
        for (Fields written : spec.structs("canary")) {
            Values values = new Values(written, problems);
            int before = problems.count();
            double share = values.number("share", Range.PART);
            if (problems.count() == before && share <= last) {
                problems.add(
                        written.scalar("share").place(),
                        ProblemCode.BAD_VALUE,
                        "the step before has a share of " + last
                                + " already; write a greater one, or take the step out");
            }
            last = Math.max(last, problems.count() == before ? share : last);
            steps.add(new CanaryStep(share, values.duration("for")));
        }
        return steps;
    }

    private static void beforeDeadline(Fields stage, Duration deadline, Fields spec, Problems problems) {
        Duration lasts = new Values(stage, problems).duration("for");
        if (lasts.compareTo(deadline) > 0) {
            Place place = stage.scalar("for").place();
            problems.add(
                    place,
                    ProblemCode.BAD_VALUE,
                    "the stage takes " + stage.text("for") + ", but the deadline comes after " + spec.text("deadline")
                            + "; write a shorter stage, or a later 'deadline'");
        }
    }
}
