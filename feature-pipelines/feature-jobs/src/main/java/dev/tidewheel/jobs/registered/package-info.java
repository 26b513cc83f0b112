/** Definitions from the registry, as text in the job graph and compiled where the job runs. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.registered;
