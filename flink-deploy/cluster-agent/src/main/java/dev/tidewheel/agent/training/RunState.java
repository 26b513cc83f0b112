package dev.tidewheel.agent.training;

import java.util.Optional;

/**
 * What is there of a run, as one look saw it. The process is looked at before the result: a process that is seen to have
 * ended has written all that it will ever write.
 *
 * @param generation that the folder was prepared for; 0 if it was not
 * @param specHash that it was prepared for; empty if it was not
 * @param process what has become of the trainer
 * @param starts how often a trainer was started
 * @param expired whether the deadline since the first start has passed
 * @param result what the trainer left behind
 * @param registered whether the registry names the version as the result does
 * @param served whether the model server has it
 */
public record RunState(
        long generation,
        String specHash,
        Launcher.Life process,
        int starts,
        boolean expired,
        Optional<TrainingResult> result,
        boolean registered,
        boolean served) {
    /** Nothing at all. */
    public static final RunState NOTHING =
            new RunState(0, "", Launcher.Life.NONE, 0, false, Optional.empty(), false, false);
}
