package dev.tidewheel.workbench.replay;

/**
 * One step of a replay.
 *
 * @param now the story's time in this step, epoch milliseconds
 * @param events how many events have been sent after it, from the story's beginning
 * @param questions how many questions have been asked after it
 * @param control whether the platform's control plane has to settle in it, before the questions
 */
public record Step(long now, int events, int questions, boolean control) {}
