package dev.tidewheel.lifecycle.state;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.tidewheel.lifecycle.policy.RolloutPolicy.CanaryStep;
import java.time.Duration;
import java.time.Instant;

/**
 * What a model's lifecycle is doing: one thing at a time, so there is never more than one active run and one active
 * rollout.
 *
 * <pre>
 * Idle ─start─► Training ─gate passed─► Shadow ─► Canary(0) ─► … ─promoted─► Watching ─► Idle
 *                 │  └─ refused, failed ─► Idle ◄── refused, aborted ──┘          │
 *                 └─ cancelled ─► Cancelling ─► Idle ◄──────── rolled back ───────┘
 * </pre>
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "phase")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Phase.Idle.class, name = "Idle"),
    @JsonSubTypes.Type(value = Phase.Training.class, name = "Training"),
    @JsonSubTypes.Type(value = Phase.Cancelling.class, name = "Cancelling"),
    @JsonSubTypes.Type(value = Phase.Shadow.class, name = "Shadow"),
    @JsonSubTypes.Type(value = Phase.Canary.class, name = "Canary"),
    @JsonSubTypes.Type(value = Phase.Watching.class, name = "Watching")
})
public sealed interface Phase {

    /** For decisions and people. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Nothing runs; the champion serves alone. */
    record Idle() implements Phase {}

    /** A phase with a training in the cluster. */
    sealed interface Active extends Phase {
        Run run();
    }

    /** A challenger is being trained. */
    record Training(Run run) implements Active {
        public Cancelling cancel() {
            return new Cancelling(run);
        }

        /** The gate was passed. */
        public Shadow passed(Instant at) {
            return new Shadow(new Challenger(run.version(), run.retraining().name(), run.rollout()), Stage.decided(at));
        }
    }

    /** A training shall stop, and nobody has said yet that it did. */
    record Cancelling(Run run) implements Active {}

    /** A challenger on its way, or just arrived. */
    sealed interface Rollout extends Phase {
        Challenger challenger();

        Stage stage();

        /** How long the stage lasts. */
        Duration lasts();

        /** Without so many rows the stage is not over. */
        long minRows();

        Rollout with(Stage stage);
    }

    /** A stage before the promotion: the champion still answers, all or most. */
    sealed interface Trial extends Rollout {
        /** What comes when this stage was good. */
        Rollout next(String champion, Instant at);
    }

    /** The challenger is asked too; the champion answers. */
    record Shadow(Challenger challenger, Stage stage) implements Trial {
        @Override
        public Duration lasts() {
            return challenger.rollout().shadow().lasts();
        }

        @Override
        public long minRows() {
            return challenger.rollout().shadow().minRows();
        }

        @Override
        public Shadow with(Stage stage) {
            return new Shadow(challenger, stage);
        }

        @Override
        public Rollout next(String champion, Instant at) {
            return after(challenger, 0, champion, at);
        }
    }

    /** The challenger answers a share of the requests. */
    record Canary(Challenger challenger, int step, Stage stage) implements Trial {
        @Override
        public String name() {
            return "Canary(" + step + ")";
        }

        public double share() {
            return definition().share();
        }

        @Override
        public Duration lasts() {
            return definition().lasts();
        }

        @Override
        public long minRows() {
            return challenger.rollout().health().minRows();
        }

        @Override
        public Canary with(Stage stage) {
            return new Canary(challenger, step, stage);
        }

        @Override
        public Rollout next(String champion, Instant at) {
            return after(challenger, step + 1, champion, at);
        }

        private CanaryStep definition() {
            return challenger.rollout().canary().get(step);
        }
    }

    /** The challenger has become champion, and would go back if it served badly. */
    record Watching(Challenger challenger, String former, Stage stage) implements Rollout {
        @Override
        public Duration lasts() {
            return challenger.rollout().watch();
        }

        @Override
        public long minRows() {
            return 0;
        }

        @Override
        public Watching with(Stage stage) {
            return new Watching(challenger, former, stage);
        }
    }

    private static Rollout after(Challenger challenger, int step, String champion, Instant at) {
        return step < challenger.rollout().canary().size()
                ? new Canary(challenger, step, Stage.decided(at))
                : new Watching(challenger, champion, Stage.decided(at));
    }
}
