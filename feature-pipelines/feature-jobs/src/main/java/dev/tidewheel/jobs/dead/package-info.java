/** Records that could not be used, on their way to the topic of dead letters. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.dead;
