/** Counts on fixed edges: the state of drift, mergeable and deterministic. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift.histogram;
