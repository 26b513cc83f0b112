/** Trainings: a folder per run, a process in it, and what it leaves behind. */
@NullMarked
package dev.tidewheel.agent.training;

import org.jspecify.annotations.NullMarked;
