package dev.tidewheel.agent.training;

import dev.tidewheel.agent.reconcile.Observed;

/** What to do next about a run. All steps may be done twice. */
public sealed interface TrainingStep {
    /** Nothing: what is live is newer than what is asked for. */
    record Refuse() implements TrainingStep {}

    /** End the trainer. */
    record Stop() implements TrainingStep {}

    /** Put the folder aside: it belongs to another spec. */
    record Clear() implements TrainingStep {}

    /** Write what the trainer needs; what was written for the same spec stays. */
    record Prepare() implements TrainingStep {}

    /** Start a trainer. */
    record Start() implements TrainingStep {}

    /** Publish what was trained. */
    record Register() implements TrainingStep {}

    /** Say what is seen; there is nothing to do now. */
    record Report(Observed observed) implements TrainingStep {}

    /** Say that the trainer died too often, with the end of its log. */
    record ReportDead() implements TrainingStep {}
}
